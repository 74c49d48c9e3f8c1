# Sourced by the tests of the programs on a GPU. Needs GPT_BIN and GPT_SOURCE.
# shellcheck shell=sh

# Says why a test cannot run: skipped (77), or failed where a GPU is asked for (tests/run.sh --gpu).
skip_or_fail() {
  if [ "${GPT_REQUIRE_GPU:-0}" = 1 ]; then
    echo "FAILED: GPU tests were asked for, but $1"
    exit 1
  fi
  echo "SKIPPED, not run on a GPU: $1"
  exit 77
}

gpt_train_has_cuda() { "$GPT_BIN/gpt-train" --version | grep -q '^features:.* CUDA'; }
gpt_train_has_cuda || skip_or_fail "gpt-train was built without CUDA"
nvidia-smi -L >/dev/null 2>&1 || skip_or_fail "nvidia-smi shows none"

GPU_SCRATCH=$(mktemp -d)
trap 'rm -rf "$GPU_SCRATCH"' EXIT
cd "$GPU_SCRATCH" || exit 1
