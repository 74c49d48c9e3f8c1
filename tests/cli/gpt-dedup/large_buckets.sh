#!/bin/sh
# label: slow
# gpt-dedup: nothing takes quadratic time. What follows takes seconds as it should, and hours where it did.
. "$GPT_SOURCE/tests/cli/lib.sh"

# documents_out REPORT: how many were kept.
documents_out() { sed 's/.*"documents_out":\([0-9]*\).*/\1/' "$1"; }
expect_out() { [ "$(documents_out report.json)" -eq "$1" ] || fail "$(documents_out report.json) kept, not $1"; }
dedup() { timeout 300 gpt-dedup -q --force -o out.jsonl --report report.json "$@"; }

notice='By using this site you agree to the terms of use and to the way in which it stores what you choose; read more about it, or change what you have chosen, at any time from the link at the foot of the page. '

awk -v n="$notice" 'BEGIN { for (i = 0; i < 100000; ++i) printf "{\"text\":\"%s\"}\n", n }' >identical.jsonl
expect_exit 0 dedup identical.jsonl
expect_out 1

awk -v n="$notice" 'BEGIN { for (i = 0; i < 100000; ++i) printf "{\"text\":\"%sPage %d\"}\n", n, i }' >near.jsonl
expect_exit 0 dedup near.jsonl
expect_out 1

# The same notice with as much of its own: a Jaccard index around .5.
awk -v n="$notice" 'BEGIN {
  srand(1)
  for (i = 0; i < 20000; ++i) {
    own = ""
    for (j = 0; j < 14; ++j) own = own sprintf("%x ", int(rand() * 16777216) + 16777216)
    printf "{\"text\":\"%s%s\"}\n", n, own
  }
}' >boilerplate.jsonl
expect_exit 0 dedup boilerplate.jsonl --threshold 0.8
expect_out 20000

# Texts far longer than what a thread keeps of shingles are compared in bounded memory: two nearly equal ones, and
# two of one shingle each.
python3 - <<'PYTHON'
import json, random
random.seed(3)
text = "".join(random.choices("abcdefghijklmnopqrstuvwxyz ", k=10_000_000))
with open("huge.jsonl", "w") as out:
    for each in (text, text[:5_000_000] + "-" + text[5_000_000:], "a" * 10_000_000, "a" * 9_000_000):
        print(json.dumps({"text": each}), file=out)
PYTHON
expect_exit 0 dedup huge.jsonl --threads 1 --pairs huge-pairs.jsonl
expect_out 2
grep -q '"line":1},"second":{"file":"huge.jsonl","line":2},"jaccard":0.99999' huge-pairs.jsonl || fail "$(cat huge-pairs.jsonl)"
grep -q '"line":3},"second":{"file":"huge.jsonl","line":4},"jaccard":1,' huge-pairs.jsonl || fail "$(cat huge-pairs.jsonl)"
peak=$(sed 's/.*"peak_memory_bytes":\([0-9]*\).*/\1/' report.json)
[ "$peak" -lt 250000000 ] || fail "$peak bytes of memory for texts of 10 MB"

awk 'BEGIN { for (i = 0; i < 1000000; ++i) printf "{\"text\":\"w%07d\"}\n", i }' >words.jsonl
expect_exit 0 dedup words.jsonl
expect_out 1000000

awk 'BEGIN { printf "{\"text\":\""; for (i = 0; i < 1250000; ++i) printf "%07d ", i * 7; print "\"}" }' >long.jsonl
cat long.jsonl long.jsonl >both.jsonl
expect_exit 0 dedup both.jsonl
expect_out 1
