#!/bin/sh
# Peak memory of every data tool at 50 MB and at 1 GB of input: what streams must not grow.
#
#   sh tests/bench/memory_flat.sh DOCUMENTS.jsonl [FOLDER]
#
# DOCUMENTS.jsonl: any documents (the quickstart's clean.jsonl); they are repeated, each copy with a number put in
# front of its text so that no two are equal. FOLDER (default: a temporary one) needs 6 GB. Prints a markdown table.
set -eu

documents=$(realpath "$1")
folder=${2:-$(mktemp -d)}
bin=$(cd "$(dirname "$0")/../../build/release/bin" && pwd)
mkdir -p "$folder"
cd "$folder"

# grow BYTES FILE: repeats the documents until the file holds that many bytes.
grow() {
  size=$(wc -c <"$documents")
  copies=$(($1 / size + 1))
  i=0
  while [ "$i" -lt "$copies" ]; do
    sed "s/\"text\": *\"/&$i /" "$documents"
    i=$((i + 1))
  done | head -c "$1" | sed '$d' >"$2"
}
[ -s small.jsonl ] || grow 50000000 small.jsonl
[ -s large.jsonl ] || grow 1000000000 large.jsonl
[ -d vocab ] || "$bin/gpt-bpe-train" "$documents" -o vocab --vocab-size 8000 -q

# measure NAME COMMAND...: one row; in the command, INPUT stands for the input and OUT for a fresh output name.
measure() {
  name=$1
  shift
  row="| $name |"
  for input in small.jsonl large.jsonl; do
    rm -rf out.* out
    command=
    for word in "$@"; do
      case $word in
        INPUT) word=$input ;;
        OUT) word=out.jsonl ;;
      esac
      command="$command $word"
    done
    # shellcheck disable=SC2086 # a list of plain words
    "$bin"/${command# } -q --force --report report.json >/dev/null
    row="$row $(jq -r '"\(.peak_memory_bytes / 1048576 | round) MiB, \(.seconds | round) s"' report.json) |"
  done
  echo "$row"
}

echo "| tool | 50 MB | 1 GB |"
echo "|---|---|---|"
measure gpt-clean gpt-clean INPUT -o OUT --language sv
measure "gpt-dedup, exact" gpt-dedup INPUT -o OUT --method exact
measure "gpt-dedup, MinHash" gpt-dedup INPUT -o OUT
measure gpt-bpe-train gpt-bpe-train INPUT -o out --vocab-size 8000
measure gpt-preprocess gpt-preprocess --input INPUT --output-prefix out --vocab-file vocab/vocab.json \
  --merge-file vocab/merges.txt --tokenizer-type GPT2BPETokenizer --append-eod
