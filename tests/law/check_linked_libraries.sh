#!/bin/sh
# The six tools of the login node link neither MPI nor CUDA nor the model's libraries; ldd tells.
# Usage: check_linked_libraries.sh FOLDER_OF_PROGRAMS
set -eu
breaches=0
for tool in gpt-crawl gpt-clean gpt-dedup gpt-bpe-train gpt-preprocess gpt-estimate; do
  [ -x "$1/$tool" ] || { echo "$tool is missing in $1"; breaches=1; continue; }
  found=$(ldd "$1/$tool" | grep -E 'lib(mpi|mpi_cxx|open-rte|open-pal|cuda|cudart|cublas|cublasLt|nccl|cudnn|dnnl|gomp)\b' || true)
  if [ -n "$found" ]; then
    echo "$tool links what a login node need not have:"
    echo "$found"
    breaches=1
  fi
done
exit "$breaches"
