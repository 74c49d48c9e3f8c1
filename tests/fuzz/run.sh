#!/bin/sh
# Runs a fuzz target under libFuzzer, in a folder of its own that keeps what earlier runs have found.
set -eu
cd "$(dirname "$0")/../.."

usage() {
  cat <<'TEXT'
Usage: sh tests/fuzz/run.sh TARGET [SECONDS [LIBFUZZER OPTION...]]
       sh tests/fuzz/run.sh --list

Builds with clang (cmake --preset fuzz) and runs the target for 300 seconds, or SECONDS. build/fuzz/runs/TARGET/ holds
corpus/ (the inputs that reach something new; later runs begin with them), seeds/ and dictionary (the target's samples
and words) and findings/ (inputs that crash, hang or break a promise). A finding comes again by
  build/fuzz/bin/libfuzzer_GROUP --target=TARGET build/fuzz/runs/TARGET/findings/FILE
GPT_FUZZ_GROUPS="common clean" builds those groups of targets alone.
TEXT
}

[ $# -ge 1 ] || { usage >&2; exit 2; }
case $1 in -h | --help) usage; exit 0 ;; esac
target=$1
seconds=${2:-300}
[ $# -lt 2 ] || shift
shift

groups=${GPT_FUZZ_GROUPS:-common crawl clean dedup dedup_stages bpe_train checkpoint ranks}
programs=
for group in $groups; do programs="$programs libfuzzer_$group"; done
cmake --preset fuzz >/dev/null
# shellcheck disable=SC2086 # a word each
cmake --build --preset fuzz --target $programs >&2

for program in $programs; do
  names=$("build/fuzz/bin/$program" --list)
  if [ "$target" = --list ]; then
    echo "$names"
  elif echo "$names" | grep -qx -- "$target"; then
    folder=build/fuzz/runs/$target
    mkdir -p "$folder/corpus" "$folder/findings"
    "build/fuzz/bin/$program" "--target=$target" "--write=$folder"
    export UBSAN_OPTIONS="${UBSAN_OPTIONS:-halt_on_error=1:print_stacktrace=1}"
    exec "build/fuzz/bin/$program" "--target=$target" "-max_total_time=$seconds" "-dict=$folder/dictionary" \
      "-artifact_prefix=$folder/findings/" -timeout=10 -rss_limit_mb=4096 -print_final_stats=1 "$@" \
      "$folder/corpus" "$folder/seeds"
  fi
done
[ "$target" = --list ] || { echo "run.sh: no target '$target': see --list" >&2; exit 2; }
