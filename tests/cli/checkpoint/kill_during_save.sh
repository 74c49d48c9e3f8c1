#!/bin/sh
# label: slow
# 150 saves are killed, each at another moment; what `latest` names must be complete every time.
. "$GPT_SOURCE/tests/cli/lib.sh"
expect_exit 0 unit_gpt_checkpoint --no-skip --test-case='a save killed at any of many moments*'
expect_stdout 'test cases: +1 \| +1 passed'
