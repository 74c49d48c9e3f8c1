#!/bin/sh
# cmake --install puts programs, man pages and shared files where a package needs them, and the programs run from there.
. "$GPT_SOURCE/tests/cli/lib.sh"

expect_exit 0 cmake --install "$GPT_BIN/.." --prefix "$scratch/prefix"
for tool in gpt-crawl gpt-clean gpt-dedup gpt-bpe-train gpt-preprocess gpt-estimate gpt-train gpt-generate; do
  expect_exit 0 "$scratch/prefix/bin/$tool" --version
  expect_stdout "^$tool [0-9]+\.[0-9]+\.[0-9]+"
  expect_stdout "^commit: "
  expect_stdout "^features: "
  expect_quiet
  expect_exit 0 "$scratch/prefix/bin/$tool" --help
  expect_stdout "Examples:"
  for option in --threads --config --seed --report --log-level --progress --force --version; do
    expect_stdout "$option"
  done
  [ -s "$scratch/prefix/share/man/man1/$tool.1" ] || fail "$tool has no man page"
done
[ -x "$scratch/prefix/share/gpt-toolkit/quickstart.sh" ] || fail "quickstart.sh is not installed"
for script in generate.sh train.sh; do
  [ -x "$scratch/prefix/share/gpt-toolkit/slurm/$script" ] || fail "slurm/$script is not installed"
done
