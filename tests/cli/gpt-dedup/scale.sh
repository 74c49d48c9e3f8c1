#!/bin/sh
# What gpt-dedup takes for each of 200,000 short documents at its defaults: memory in one go, disk and memory in stages.
. "$GPT_SOURCE/tests/cli/lib.sh"

documents=200000
# Every tenth is an edit of the one before it.
awk -v n=$documents 'BEGIN {
  srand(3)
  for (i = 0; i < n; ++i) {
    if (i % 10 != 9) { text = ""; for (j = 0; j < 5; ++j) text = text sprintf("%x ", int(rand() * 16777216) + 16777216) } else text = text "x"
    printf "{\"text\":\"%s\"}\n", text
  }
}' >in.jsonl

# expect_memory RUN MOST: the last run took no more than that of memory for each document.
expect_memory() {
  bytes=$(($(sed 's/.*"peak_memory_bytes":\([0-9]*\).*/\1/' report.json) / documents))
  echo "$1: $bytes bytes of memory a document"
  # The programs of sanitizers need more for themselves.
  [ -n "${GPT_SANITIZER:-}" ] || [ "$bytes" -le "$2" ] || fail "$1 takes $bytes bytes of memory a document, not $2 at the most"
}
run() { expect_exit 0 gpt-dedup "$@" -q --force --threads 2 --report report.json; }
run in.jsonl -o whole.jsonl
[ "$(wc -l <whole.jsonl)" -lt $documents ] || fail 'nothing is removed'
expect_memory 'one go' 1000
run in.jsonl -o longest.jsonl --groups longest.groups --keep longest
expect_memory 'one go with --groups and --keep longest' 1000
run in.jsonl -o exact.jsonl --method exact
expect_memory '--method exact' 300

# In stages, the folder watched all the while.
mkdir work
(while [ ! -e ended ]; do du -sb work; done) >sizes 2>/dev/null &
watch=$!
for rank in 0 1 2 3; do
  run signatures in.jsonl --work work --rank $rank --world 4
  expect_memory 'signatures of a quarter' 300
done
for rank in 0 1; do run pairs --work work --rank $rank --world 2; done
run groups --work work
expect_memory groups 300
run filter --work work -o staged.jsonl
touch ended
wait $watch
expect_same staged.jsonl whole.jsonl
peak=$(($(sort -n sizes | tail -n 1 | cut -f1) / documents))
echo "stages: $peak bytes on the disk a document at the peak, seen $(wc -l <sizes) times"
[ "$(wc -l <sizes)" -ge 10 ] || fail 'the folder was hardly looked at'
[ $peak -ge 500 ] || fail "the watch saw $peak bytes a document alone"
[ $peak -le 800 ] || fail "$peak bytes on the disk a document, not 800 at the most"
