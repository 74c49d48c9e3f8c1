# shellcheck shell=sh
# Sourced by the tests of the programs on a GPU: tests/cli/lib.sh, and a GPU.
# shellcheck source=tests/cli/lib.sh
. "$GPT_SOURCE/tests/cli/lib.sh"

# Says why a test cannot run: skipped (77), or failed where a GPU is asked for (tests/run.sh --gpu).
skip_or_fail() {
  [ "${GPT_REQUIRE_GPU:-0}" != 1 ] || fail "GPU tests were asked for, but $1"
  echo "SKIPPED, not run on a GPU: $1"
  exit 77
}

gpt-train --version | grep -Eq '^features:.* CUDA' || skip_or_fail "gpt-train was built without CUDA"
nvidia-smi -L >/dev/null 2>&1 || skip_or_fail "nvidia-smi shows none"
export XDG_CACHE_HOME="$scratch/cache"
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1

# losses FILE.jsonl: the training losses of a metrics file, a line each, with all their digits.
losses() { sed -n 's/^{"iteration":.*"loss":\([-0-9.e+]*\),.*/\1/p' "$1"; }

# expect_close A.jsonl B.jsonl TOLERANCE: as many steps, and no loss further apart than that.
expect_close() {
  losses "$1" >"$scratch/first"
  losses "$2" >"$scratch/second"
  [ -s "$scratch/first" ] || fail "$1 has no losses"
  [ "$(wc -l <"$scratch/first")" -eq "$(wc -l <"$scratch/second")" ] || fail "$1 and $2 differ in their steps"
  paste "$scratch/first" "$scratch/second" |
    awk -v most="$3" '{d = $1 - $2; if (d < 0) d = -d; if (!(d <= most)) {print "step " NR ": " $1 " and " $2; bad = 1}} END {exit bad}' ||
    fail "the losses of $1 and $2 are more than $3 apart"
}

# expect_equal_losses A.jsonl B.jsonl: to the last digit.
expect_equal_losses() {
  losses "$1" >"$scratch/first"
  losses "$2" >"$scratch/second"
  [ -s "$scratch/first" ] || fail "$1 has no losses"
  cmp "$scratch/first" "$scratch/second" || fail "the losses of $1 and $2 are not the same"
}
