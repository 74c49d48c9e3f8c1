#!/bin/sh
# A file system with room for one checkpoint, and a second save: it fails, and the first stays.
. "$GPT_SOURCE/tests/cli/lib.sh"
mkdir small
if ! mount -t tmpfs -o size=1500k tmpfs small 2>/dev/null; then
  echo "SKIPPED: no small file system can be mounted here, so that a disk that fills up is not tested"
  exit 77
fi
trap 'umount "$scratch/small"; rm -rf "$scratch"' EXIT
GPT_SMALL_FOLDER=$scratch/small expect_exit 0 unit_gpt_checkpoint --no-skip \
  --test-case='a file system that fills up*'
expect_stdout 'test cases: +1 \| +1 passed'
