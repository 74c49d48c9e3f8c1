#!/bin/sh
# gpt-dedup beside rensa and datasketch: MB of text a processor second, in turn, medians of the rounds.
#
#   python3 -m venv /tmp/peers/venv && /tmp/peers/venv/bin/pip install rensa datasketch
#   sh tests/bench/dedup.sh DOCUMENTS.jsonl [PYTHON [ROUNDS]]
#
# DOCUMENTS.jsonl: documents with a field "text", such as what the quickstart's gpt-clean leaves. The peers compute
# signatures (character 5-grams, 100 permutations) and fill an index of 20 bands; gpt-dedup does the whole of its work,
# from JSON Lines to JSON Lines. All run on one thread, and their processor time is taken, which a busy machine changes
# least. datasketch gets the first 8 MB. Then gpt-dedup on all processors by the clock, outputs in memory (/dev/shm).
# bench_minhash (cmake --build --preset release --target bench_minhash) is the signatures alone, texts in memory.
# Prints markdown tables.
set -eu

documents=$(realpath "$1")
python=${2:-/tmp/peers/venv/bin/python}
rounds=${3:-3}
here=$(cd "$(dirname "$0")" && pwd)
bin=$here/../../build/release/bin
dedup=$bin/gpt-dedup
folder=$(mktemp -d -p "$([ -w /dev/shm ] && echo /dev/shm || echo /tmp)")
trap 'rm -rf "$folder"' EXIT
cd "$folder"
text_bytes=$(jq -j .text "$documents" | wc -c)

# processor_seconds COMMAND...: what it and its children used.
processor_seconds() {
  "$python" -c 'import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_utime + used.ru_stime)' "$@"
}

# ours NAME OPTION...: one round; appends MB/s to NAME and keeps the report.
ours() {
  name=$1
  shift
  seconds=$(processor_seconds "$dedup" "$documents" -o kept.jsonl --force -q --threads 1 --report "$name.json" "$@")
  echo "$text_bytes $seconds" | awk '{ print $1 / 1e6 / $2 }' >>"$name"
}

# peer NAME [BYTES]: one round of it.
peer() {
  rate=$("$python" "$here/dedup_peers.py" "$1" "$documents" ${2:+"$2"})
  echo "$rate" >>"$1"
}
# clocked NAME OPTION...: one round on all processors; appends MB of the file a second of the clock to NAME.
clocked() {
  name=$1
  shift
  "$dedup" "$documents" -o kept.jsonl --force -q --report "$name.json" "$@"
  jq -r '.bytes_in / 1e6 / .seconds' "$name.json" >>"$name"
}
median() { sort -n "$1" | awk '{ v[NR] = $1 } END { printf "%.1f", v[int((NR + 1) / 2)] }'; }

round=0
while [ "$round" -lt "$rounds" ]; do
  ours verified
  peer rensa
  ours estimated --no-verify
  peer datasketch 8000000
  ours exact --method exact
  "$bin/bench_minhash" "$documents" 2>/dev/null >>signatures
  clocked all_verified
  clocked all_estimated --no-verify
  clocked all_exact --method exact
  round=$((round + 1))
done

rensa=$(median rensa)
row() { echo "| $1 | $(median "$2") | $(echo "$(median "$2") $rensa" | awk '{ printf "%.1f", $1 / $2 }') x |"; }
echo "| one thread | MB of text a second | against rensa |"
echo "|---|---:|---:|"
row "signatures alone (bench_minhash)" signatures
row "gpt-dedup" verified
row "gpt-dedup --no-verify" estimated
row "gpt-dedup --method exact" exact
row "rensa, signatures and index" rensa
row "datasketch, signatures and index" datasketch
echo
processors=$(nproc)
clock_row() {
  echo "| $1 | $(median "$2") | $(jq -r '.peak_memory_bytes / 1048576 | round' "$2.json") MiB |"
}
echo "| $processors threads | MB of JSON Lines a second | memory |"
echo "|---|---:|---:|"
clock_row "gpt-dedup" all_verified
clock_row "gpt-dedup --no-verify" all_estimated
clock_row "gpt-dedup --method exact" all_exact
echo
jq -r '"\(.documents_in) documents, \(.documents_out) kept; peak memory \(.peak_memory_bytes / 1048576 | round) MiB"' \
  verified.json
