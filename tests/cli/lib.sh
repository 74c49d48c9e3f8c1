#!/bin/sh
# Sourced by the shell tests: a scratch folder, and assertions that say what they saw.
# GPT_BIN is the folder of the built programs, GPT_SOURCE the source tree; ctest sets both.
set -u
: "${GPT_BIN:?run this test through ctest, or set GPT_BIN to the folder of the built programs}"
: "${GPT_SOURCE:?run this test through ctest, or set GPT_SOURCE to the source tree}"
PATH=$GPT_BIN:$PATH
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch" || exit 1

# fail MESSAGE...: ends the test, showing what the last run wrote to stderr.
fail() {
  echo "FAIL: $*"
  if [ -s "$scratch/stderr" ]; then
    echo "--- stderr of the last run"
    cat "$scratch/stderr"
  fi
  exit 1
}

# expect_exit CODE COMMAND...: runs the command; stdout and stderr land in files of those names.
expect_exit() {
  wanted=$1
  shift
  "$@" >"$scratch/stdout" 2>"$scratch/stderr"
  seen=$?
  [ "$seen" -eq "$wanted" ] || fail "exit code $seen instead of $wanted: $*"
}

# expect_stderr PATTERN / expect_stdout PATTERN: the last run wrote a line that matches (grep -E).
expect_stderr() { grep -Eq -- "$1" "$scratch/stderr" || fail "stderr does not say: $1"; }
expect_stdout() { grep -Eq -- "$1" "$scratch/stdout" || fail "stdout does not say: $1"; }

# expect_quiet: the last run wrote nothing to stderr.
expect_quiet() { [ ! -s "$scratch/stderr" ] || fail "stderr is not empty"; }

# expect_same A B: two files hold the same bytes.
expect_same() { cmp "$1" "$2" || fail "$1 and $2 differ"; }

# expect_missing FILE: nothing lies under that name, and no temporary of it either.
expect_missing() {
  [ ! -e "$1" ] || fail "$1 exists"
  for leftover in "$1".*tmp* ./."$1".*; do
    [ ! -e "$leftover" ] || fail "a temporary was left behind: $leftover"
  done
}

# need_test_data: skips the test, loudly, without the larger data set.
need_test_data() {
  if [ -z "${GPT_TEST_DATA:-}" ]; then
    echo "SKIPPED: GPT_TEST_DATA is unset, so the larger data set is not tested"
    exit 77
  fi
}
