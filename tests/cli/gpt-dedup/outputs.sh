#!/bin/sh
# gpt-dedup: outputs that are one file or an input are refused before any work, as is a report that cannot be
# written.
. "$GPT_SOURCE/tests/cli/lib.sh"

printf '{"text":"one text"}\n{"text":"another text"}\n' >in.jsonl
cp in.jsonl before.jsonl
printf '{"text":"a task"}\n' >task.jsonl
cp task.jsonl task.before

# refused PATTERN ARGUMENT...: wrong usage, and nothing was written.
refused() {
  pattern=$1
  shift
  expect_exit 2 gpt-dedup "$@" -q
  expect_stderr "$pattern"
  expect_same in.jsonl before.jsonl
  expect_same task.jsonl task.before
  expect_missing o.jsonl
  [ ! -s stdout ] || fail "something went to stdout"
}

refused '--output and --report both name' in.jsonl -o o.jsonl --report o.jsonl
refused '--pairs and --report both name' in.jsonl -o x.jsonl --pairs o.jsonl --report ./o.jsonl
refused '--output and --pairs both name' in.jsonl -o o.jsonl --pairs ./o.jsonl
refused '--output and --groups both name' in.jsonl -o o.jsonl --groups "$PWD/o.jsonl"
refused '--pairs would replace' in.jsonl -o o.jsonl --pairs in.jsonl --force
refused '--output would replace .*--against' task.jsonl -o in.jsonl --against ./in.jsonl --force
refused '--output and --matches both name stdout' in.jsonl -o - --decontaminate task.jsonl --matches -
refused '--matches would replace .*--decontaminate' in.jsonl -o o.jsonl --decontaminate task.jsonl --matches task.jsonl --force
refused '--report would replace' compare in.jsonl:1 in.jsonl:2 --report in.jsonl

# What is there already is no input, however it is called.
refused 'both an input and one of --against' in.jsonl -o o.jsonl --against in.jsonl
refused 'both an input and one of --against' in.jsonl -o o.jsonl --against ./in.jsonl --method exact
refused 'both an input and one of --against' signatures in.jsonl --work work --against ./in.jsonl

# The stages.
refused '--report would replace' signatures in.jsonl --work work --report in.jsonl
expect_exit 0 gpt-dedup signatures in.jsonl --work work -q
refused '--report would replace' pairs --work work --report work/signatures.00000-of-00001
expect_exit 0 gpt-dedup pairs --work work -q
refused '--list and --report both name' groups --work work --list o.jsonl --report o.jsonl
refused '--list would replace' groups --work work --list in.jsonl --force
expect_exit 0 gpt-dedup groups --work work -q
refused '--output and --report both name' filter --work work -o o.jsonl --report o.jsonl
refused '--output would replace' filter --work work -o ./in.jsonl --force

# A report that cannot be written is said before the work.
expect_exit 1 gpt-dedup in.jsonl -o o.jsonl --report no/such/report.json
expect_stderr 'no/such: is no folder; make it first'
expect_missing o.jsonl
expect_exit 1 gpt-dedup in.jsonl -o o.jsonl --decontaminate task.jsonl --matches no/such/list.jsonl
expect_stderr 'no/such: is no folder; make it first'
expect_missing o.jsonl
expect_exit 1 gpt-dedup filter --work work -o o.jsonl --report no/such/report.json
expect_missing o.jsonl
