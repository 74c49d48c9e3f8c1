#!/bin/sh
# gpt-clean: outputs that are one file or an input are refused before any work, as is a report that cannot be
# written.
. "$GPT_SOURCE/tests/cli/lib.sh"

printf '{"text":"en mening"}\n{"text":"en till"}\n' >in.jsonl
cp in.jsonl before.jsonl
echo svordom >words.txt
cp words.txt words.before
ln -s in.jsonl link.jsonl

# refused PATTERN ARGUMENT...: wrong usage, and nothing was written.
refused() {
  pattern=$1
  shift
  expect_exit 2 gpt-clean "$@" -q
  expect_stderr "$pattern"
  expect_same in.jsonl before.jsonl
  expect_same words.txt words.before
  expect_missing o.jsonl
  [ ! -s stdout ] || fail "something went to stdout"
}

refused '--output and --report both name' in.jsonl -o o.jsonl --report o.jsonl
refused '--output and --report both name' in.jsonl -o o.jsonl --report "$PWD/o.jsonl" --force
refused '--output and --rejected both name' in.jsonl -o o.jsonl --rejected ./o.jsonl
refused '--rejected and --report both name' in.jsonl -o x.jsonl --rejected o.jsonl --report ./o.jsonl
refused '--output and --rejected both name stdout' in.jsonl --rejected -
refused '--output and --report both name stdout' in.jsonl --report -
refused '--output would replace .*in.jsonl' in.jsonl -o in.jsonl --force
refused '--output would replace .*link.jsonl' link.jsonl -o in.jsonl --force
refused '--rejected would replace' in.jsonl -o o.jsonl --rejected ./in.jsonl --force
refused '--report would replace' in.jsonl -o o.jsonl --report in.jsonl
refused '--report would replace .*--bad-words' in.jsonl -o o.jsonl --bad-words words.txt --report words.txt
refused '--report' in.jsonl -o p.jsonl --split 2 --report p.00001-of-00002.jsonl
refused '--output and --report both name' in.jsonl -o o.jsonl --report o.jsonl --rank 0 --world 2
refused '--output and --report both name' stats in.jsonl -o o.jsonl --report o.jsonl
refused '--report would replace' stats in.jsonl -o o.jsonl --report in.jsonl

# Devices hold nothing that could be lost.
expect_exit 0 gpt-clean -q in.jsonl -o /dev/null --rejected /dev/null

# A report that cannot be written is said before the work.
expect_exit 1 gpt-clean in.jsonl -o o.jsonl --report no/such/report.json
expect_stderr 'no/such: is no folder; make it first'
expect_missing o.jsonl
mkdir folder
expect_exit 1 gpt-clean in.jsonl -o o.jsonl --report folder
expect_stderr 'folder: is a folder'
expect_missing o.jsonl
