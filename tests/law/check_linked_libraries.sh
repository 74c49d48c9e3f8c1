#!/bin/sh
# The six tools of the login node link neither MPI nor CUDA nor the model's libraries. gpt-train and gpt-generate may link
# cuBLAS and NCCL, which come with them, but never the driver's libcuda, which a node without a GPU has not; CUDA's runtime is
# inside them. ldd tells.
# Usage: check_linked_libraries.sh FOLDER_OF_PROGRAMS [faiss]
# faiss: gpt-dedup was built with FAISS (GPT_WITH_FAISS), which brings OpenMP.
set -eu
breaches=0

# refuse TOOL PATTERN WHY
refuse() {
  [ -x "$folder/$1" ] || { echo "$1 is missing in $folder"; breaches=1; return; }
  found=$(ldd "$folder/$1" | grep -E "lib($2)(\.|\b)" || true)
  missing=$(ldd "$folder/$1" | grep 'not found' || true)
  if [ -n "$found$missing" ]; then
    echo "$1 links what $3:"
    echo "$found$missing"
    breaches=1
  fi
}

folder=$1
models='mpi|mpi_cxx|open-rte|open-pal|cuda|cudart|cublas|cublasLt|nccl|cudnn|dnnl'
for tool in gpt-crawl gpt-clean gpt-bpe-train gpt-preprocess gpt-estimate; do
  refuse $tool "$models|gomp|blas|lapack" "a login node need not have"
done
if [ "${2:-}" = faiss ]; then
  refuse gpt-dedup "$models" "a login node need not have"
else
  refuse gpt-dedup "$models|gomp|blas|lapack" "a login node need not have"
fi
for tool in gpt-train gpt-generate; do
  refuse $tool 'cuda|cudart|nvidia-ml|cupti|cudnn' "a machine without a GPU driver need not have"
done
exit "$breaches"
