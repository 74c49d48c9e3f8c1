#!/bin/sh
# label: slow
# The tests of the device's ops under NVIDIA's compute-sanitizer: no access out of bounds (memcheck), no race in shared
# memory (racecheck), nothing read that was not written (initcheck), no wrong barrier (synccheck).
. "$GPT_SOURCE/tests/gpu/lib_gpu.sh"
sanitizer=$(command -v compute-sanitizer || ls "${CUDA_HOME:-/usr/local/cuda}/bin/compute-sanitizer" 2>/dev/null || true)
[ -n "$sanitizer" ] || skip_or_fail "compute-sanitizer is not installed (it comes with the CUDA toolkit)"

failed=0
for program in "$GPT_BIN"/gpu_gpt_ops_cuda*; do
  for tool in memcheck racecheck initcheck synccheck; do
    echo "== $tool: $(basename "$program")"
    "$sanitizer" --tool "$tool" --error-exitcode 9 --print-limit 5 "$program" --minimal >"$tool.log" 2>&1 || {
      tail -n 40 "$tool.log"
      failed=1
    }
  done
done
rm -f ./*check.log
exit $failed
