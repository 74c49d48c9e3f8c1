#!/bin/sh
# All figures of one GPU for docs/benchmarks.md, in one call of less than ten minutes on an H200: matrix products, attention,
# kernels beside a copy, training and decoding by the programs, and torch's training step on the same GPU.
#   sh tests/bench/gpu/run.sh [FOLDER_OF_PROGRAMS]     default build/release/bin, built first
# Prints Markdown tables. A part that fails is named at the end, and the others still run.
set -u
cd "$(dirname "$0")/../../.." || exit 1
if [ $# -eq 0 ]; then
  programs=build/release/bin
  cmake --preset release -DGPT_WITH_CUDA=ON >/dev/null &&
    cmake --build --preset release --target bench_gpu gpt-train gpt-generate >/dev/null || exit 1
else
  programs=$1
fi
nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv,noheader || {
  echo "run.sh: nvidia-smi shows no GPU here"
  exit 1
}
"$programs/gpt-train" --version | tr '\n' ' '
echo

failed=
part() { # NAME SECONDS COMMAND...
  name=$1
  limit=$2
  shift 2
  timeout "$limit" "$@" || failed="$failed $name($?)"
}
part kernels 90 "$programs/bench_gpu" kernels
part attention 60 "$programs/bench_gpu" attention
part products 90 "$programs/bench_gpu" products
part programs 200 python3 tests/bench/gpu/programs.py "$programs"
printf '\n| training, bf16, one GPU | tokens a second | of 989 TFLOP/s | peak GiB |\n|---|---:|---:|---:|\n'
if python3 -c 'import torch' 2>/dev/null; then
  part torch 150 python3 tests/bench/gpu/torch_peer.py
else
  failed="$failed torch(not-installed)"
fi
[ -z "$failed" ] || { echo "run.sh: failed:$failed"; exit 1; }
