#!/bin/sh
# What is the same in all eight tools: help, version, mistakes on the command line, where options come from, exit codes.
. "$GPT_SOURCE/tests/cli/lib.sh"
tools="gpt-crawl gpt-clean gpt-dedup gpt-bpe-train gpt-preprocess gpt-estimate gpt-train gpt-generate"

for tool in $tools; do
  expect_exit 0 "$tool" --help
  expect_quiet
  for option in help version verbose quiet threads config seed report log-level progress force; do
    expect_stdout "--$option"
  done
  expect_stdout '^Examples:'
  expect_exit 0 "$tool" --version
  expect_quiet
  expect_stdout "^$tool [0-9]+\.[0-9]+\.[0-9]+$"
  expect_stdout '^commit: '
  expect_stdout '^features: '

  # Wrong usage: exit code 2, one message that names the tool, a hint at --help; nothing on stdout.
  for mistake in --threds --log_levle --verison; do
    expect_exit 2 "$tool" "$mistake"
    expect_same stdout /dev/null
    expect_stderr "^$tool: error: unknown option .*; did you mean '--(threads|log-level|version)'\?$"
    expect_stderr "^Try '$tool --help'"
    [ "$(wc -l <stderr)" -eq 2 ] || fail "more than a message and a hint: $tool $mistake"
  done
  expect_exit 2 "$tool" --threads 0
  expect_stderr '--threads: .*0'
  expect_exit 2 "$tool" --log-level loud
  expect_stderr 'loud'
  expect_exit 2 env GPT_SEED=-3 "$tool"
  expect_stderr "'-3' .*\(from GPT_SEED\)"
  expect_exit 2 "$tool" --config missing.toml
  expect_stderr 'missing.toml'
  echo 'sede = 4' >wrong.toml
  expect_exit 2 "$tool" --config wrong.toml
  expect_stderr "wrong.toml: unknown key 'sede'; did you mean 'seed'\?"
  expect_exit 2 env GPT_CONFIG=wrong.toml "$tool"
  expect_stderr 'wrong.toml: unknown key'

  # Output that nobody takes.
  if [ -c /dev/full ]; then
    "$tool" --help >/dev/full 2>stderr
    [ $? -eq 1 ] || fail "$tool --help into a full device does not fail"
    expect_stderr 'stdout: cannot write: No space left on device'
  fi
done
