#!/bin/sh
# gpt-clean: megabytes a second and peak memory, by preset, at 50 MB and at 1 GB of input; datatrove's filters beside it.
#
#   sh tests/bench/clean.sh DOCUMENTS.jsonl [FOLDER]
#
# DOCUMENTS.jsonl: real documents (the quickstart's pages.jsonl, or what make_corpus.py writes); where they are less than
# asked for they are repeated, each copy with a number in front of its text. FOLDER (default: a temporary one) needs 3 GB.
# GPT_BENCH_LARGE=no leaves the 1 GB out. GPT_DATATROVE_PYTHON: a Python with datatrove, for its
# figures on the first GPT_DATATROVE_MB (4) megabytes. GPT_BIN: the built programs, by default those of the
# release preset. Megabytes are those of the input file; cpu is seconds of both cores together, which a busy machine
# changes less than the clock. Prints a markdown table. Needs jq.
set -eu
script=$(realpath "$0")

documents=$(realpath "$1")
folder=${2:-$(mktemp -d)}
: "${GPT_BIN:=$(cd "$(dirname "$0")/../../build/release/bin" && pwd)}"
cd "$folder"

# grow BYTES FILE: repeats the documents until the file holds that many bytes.
grow() {
  if [ "$(wc -c <"$documents")" -ge "$1" ]; then
    ln -sf "$documents" "$2"
    return
  fi
  copies=$(($1 / $(wc -c <"$documents") + 1))
  i=0
  while [ "$i" -lt "$copies" ]; do
    sed "s/\"text\": *\"/&$i /" "$documents"
    i=$((i + 1))
  done | head -c "$1" | sed '$d' >"$2"
}
[ -s small.jsonl ] || grow 50000000 small.jsonl
inputs=small.jsonl
if [ "${GPT_BENCH_LARGE:-yes}" = yes ]; then
  inputs="small.jsonl large.jsonl"
  [ -s large.jsonl ] || grow 1000000000 large.jsonl
fi

# measure NAME INPUT OPTIONS...: one row.
measure() {
  name=$1
  input=$2
  shift 2
  before=$(awk '{print $16 + $17}' /proc/$$/stat)
  "$GPT_BIN/gpt-clean" "$input" -o out.jsonl --threads 2 "$@" -q --force --report report.json
  after=$(awk '{print $16 + $17}' /proc/$$/stat)
  jq -r --arg name "$name" --arg input "$input" --argjson bytes "$(wc -c <"$input")" \
    --argjson cpu "$((after - before))" --argjson ticks "$(getconf CLK_TCK)" \
    '"| \($name) | \($bytes / 1e6 | round) MB | \($bytes / 1e6 / .seconds | round) | " +
     "\($bytes / 1e6 / ($cpu / $ticks) | round) | \(.peak_memory_bytes / 1048576 | round) MiB |"' report.json
}

echo "| gpt-clean, 2 threads | input | MB/s | MB a CPU second | peak memory |"
echo "|---|---|---|---|---|"
for input in $inputs; do
  for preset in nordic megatron gopher c4 fineweb; do
    measure "--preset $preset" "$input" --preset $preset
  done
  measure "repair only" "$input"
  measure "--preset repair --language sv" "$input" --preset repair --language sv
  measure "the same, --split-sentences --min-chars-per-sentence 20" "$input" --preset repair --language sv \
    --split-sentences --min-chars-per-sentence 20
done
rm -f out.jsonl
if [ -n "${GPT_DATATROVE_PYTHON:-}" ]; then
  "$GPT_DATATROVE_PYTHON" "$(dirname "$script")/clean_peers.py" "$documents" "${GPT_DATATROVE_MB:-4}"
fi
