#!/bin/sh
# label: slow
# Saves by one rank and by two are killed 100 times each, at random moments; only complete checkpoints may be there.
. "$GPT_SOURCE/tests/cli/lib.sh"
expect_exit 0 unit_gpt_checkpoint --no-skip --test-case='a save killed at any of many moments*'
expect_stdout 'test cases: +1 \| +1 passed'
