#!/bin/sh
# Builds the toolkit with warnings as errors and runs its tests. The last line is "N passed, N failed".
set -eu
cd "$(dirname "$0")/.."

usage() {
  cat <<'TEXT'
Usage: sh tests/run.sh [--all] [--gpu] [--no-install] [--preset NAME] [-R REGEX]

  --all          also the tests labelled slow
  --gpu          the tests on a GPU alone, which fail where there is none; without it they are skipped there
                 (--gpu --all adds those under compute-sanitizer)
  --no-install   do not install missing packages
  --preset NAME  release (default), debug, asan or tsan
  -R REGEX       only the tests whose names match

GPT_TEST_DATA=FOLDER adds the tests on the larger data set; without it they are skipped and named.
TEXT
}

preset=release
install=yes
exclude_slow="-LE slow"
only=
gpu=no
while [ $# -gt 0 ]; do
  case $1 in
    --all) exclude_slow= ;;
    --gpu) gpu=yes ;;
    --no-install) install=no ;;
    --preset) shift; preset=$1 ;;
    -R) shift; only=$1 ;;
    -h | --help) usage; exit 0 ;;
    *) echo "run.sh: unknown option '$1'" >&2; usage >&2; exit 2 ;;
  esac
  shift
done

[ "$install" = no ] || sh share/install-deps.sh
with_cuda=
labels=
if [ "$gpu" = yes ]; then
  with_cuda=-DGPT_WITH_CUDA=ON
  labels="-L gpu"
  export GPT_REQUIRE_GPU=1
fi
cmake --preset "$preset" ${with_cuda:+"$with_cuda"} >build-configure.log 2>&1 || { cat build-configure.log; rm -f build-configure.log; exit 1; }
rm -f build-configure.log
cmake --build --preset "$preset"

if [ -z "${GPT_TEST_DATA:-}" ]; then
  echo "run.sh: GPT_TEST_DATA is unset: the tests on the larger data set are skipped"
fi
if [ "$gpu" = no ] && ! nvidia-smi -L >/dev/null 2>&1; then
  echo "run.sh: no GPU here: kernels run on the CPU only, the tests on a GPU are skipped (sh tests/run.sh --gpu runs them)"
fi
# Several ranks on one machine, also as root in a container.
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1

results=build/$preset/results.xml
jobs=$(nproc 2>/dev/null || echo 1)
status=0
# shellcheck disable=SC2086 # exclude_slow and labels are two words or none
ctest --test-dir "build/$preset" --output-on-failure -j "$jobs" $exclude_slow $labels ${only:+-R "$only"} \
  --no-tests=error --output-junit results.xml || status=$?

# <testsuite ... tests="312" failures="0" disabled="0" skipped="2" ...>
count() { sed -n "s/.*<testsuite.*[[:space:]]$1=\"\([0-9]*\)\".*/\1/p; s/^[[:space:]]*$1=\"\([0-9]*\)\".*/\1/p" "$results" | head -n 1; }
total=$(count tests)
failed=$(count failures)
skipped=$(count skipped)
[ "$status" -eq 0 ] || [ "$failed" -gt 0 ] || { echo "run.sh: ctest ended with $status"; exit "$status"; }
if [ "$skipped" -gt 0 ]; then
  echo "$((total - failed - skipped)) passed, $failed failed, $skipped skipped"
else
  echo "$((total - failed)) passed, $failed failed"
fi
[ "$failed" -eq 0 ]
