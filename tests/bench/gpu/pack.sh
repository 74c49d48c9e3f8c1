#!/bin/sh
# Gathers what the GPU's tests and figures need on a machine that has a driver and a CUDA toolkit but none of the other
# libraries: programs, stripped, with the libraries they load beside them (CUDA's own stay out: half a gigabyte).
#   sh tests/bench/gpu/pack.sh BUILD FOLDER
# There:  LD_LIBRARY_PATH=FOLDER/lib:/usr/local/cuda/lib64 sh tests/bench/gpu/run.sh FOLDER
# -DCMAKE_CUDA_ARCHITECTURES for that GPU alone keeps it small.
set -eu
bin=$1/bin
to=$2
mkdir -p "$to/lib"
for program in "$bin"/gpt-train "$bin"/gpt-generate "$bin"/bench_gpu "$bin"/gpu_*; do
  [ -f "$program" ] || continue
  strip -o "$to/$(basename "$program")" "$program"
  ldd "$program" | awk '$3 ~ /^\// {print $3}' >>"$to/libraries"
done
sort -u "$to/libraries" |
  grep -vE '/lib(c|m|dl|rt|pthread|resolv|cublas|cublasLt|cudart|nccl)\.so|ld-linux' |
  while read -r library; do cp -L "$library" "$to/lib/"; done
rm -f "$to/libraries"
du -sh "$to"
