#!/bin/sh
# gpt-dedup: what it keeps, inputs and outputs of every kind, pairs, reports.
. "$GPT_SOURCE/tests/cli/lib.sh"
documents=$GPT_SOURCE/tests/data/dedup/documents.jsonl

# kept FILE: the ids of a file of documents, on one line.
kept() { sed 's/^{"id": "\([^"]*\)".*/\1/' "$1" | tr '\n' ' '; }
expect_kept() { [ "$(kept "$1")" = "$2 " ] || fail "$1 holds: $(kept "$1"), not: $2"; }

expect_exit 0 gpt-dedup "$documents" -o exact.jsonl --method exact
expect_stderr '14 documents in, 12 out: 2 exact and 0 near duplicates removed'
expect_kept exact.jsonl 'printer lighthouse mill pancakes lighthouse-near cache mill-near lighthouse-far cache-chain printer-near short other'

expect_exit 0 gpt-dedup "$documents" -o near.jsonl -q --report near.json
expect_quiet
expect_same stdout /dev/null
expect_kept near.jsonl 'printer lighthouse mill pancakes cache lighthouse-far short other'
grep -q '"documents_in":14,"documents_out":8' near.json || fail "the report has other counts: $(cat near.json)"
grep -q '"exact_duplicate":2,"near_duplicate":4' near.json || fail "the report has other reasons: $(cat near.json)"

expect_exit 0 gpt-dedup "$documents" -o far.jsonl -q --seeds 200 --bands 100 --threshold 0.6
expect_kept far.jsonl 'printer lighthouse mill pancakes cache short other'
expect_exit 0 gpt-dedup "$documents" -o estimated.jsonl -q --no-verify --seeds 1000 --bands 200 --threshold 0.75
expect_kept estimated.jsonl 'printer lighthouse mill pancakes cache lighthouse-far short other'

# Lines are kept as they are, and do not depend on threads or on how they arrive.
grep -vxF -f "$documents" near.jsonl && fail "a kept line is not a line of the input"
for threads in 1 2 5; do
  gpt-dedup "$documents" -q --threads $threads >threads.jsonl || fail "exit code $?"
  expect_same threads.jsonl near.jsonl
done
gpt-dedup -q - <"$documents" >stdin.jsonl || fail "exit code $?"
expect_same stdin.jsonl near.jsonl
head -n 99 "$documents" | gpt-dedup - -q -o - | cat >pipe.jsonl
expect_same pipe.jsonl near.jsonl
head -n 7 "$documents" | gzip >first.jsonl.gz
tail -n 7 "$documents" >second.jsonl
expect_exit 0 gpt-dedup -q first.jsonl.gz second.jsonl -o parts.jsonl.gz
gzip -dc parts.jsonl.gz >parts.jsonl
expect_same parts.jsonl near.jsonl
mkfifo pipe
cat "$documents" >pipe &
expect_exit 0 gpt-dedup -q pipe -o fifo.jsonl
expect_same fifo.jsonl near.jsonl

# A file without a final newline, another field, plain text.
printf '{"body":"en"}\n{"body":"två"}\n{"body":"EN"}' >body.jsonl
expect_exit 0 gpt-dedup -q body.jsonl --text-key body
printf '{"body":"en"}\n{"body":"två"}\n' >expected
expect_same stdout expected
printf 'en\ntvå\nEN\n' >lines.txt
expect_exit 0 gpt-dedup -q lines.txt -o unique.txt
printf 'en\ntvå\n' >expected
expect_same unique.txt expected
expect_exit 0 sh -c 'gpt-dedup -q - --input-format text <lines.txt'
expect_same stdout expected
expect_exit 0 gpt-dedup -q lines.txt --input-format text -o from_text.jsonl
printf '{"text":"en"}\n{"text":"två"}\n' >expected
expect_same from_text.jsonl expected
expect_exit 1 gpt-dedup -q lines.txt --input-format jsonl
expect_stderr 'lines.txt:1: not a valid JSON object'

# Pairs: each once, with its similarities.
expect_exit 0 gpt-dedup -q "$documents" --seeds 200 --bands 100 --threshold 0.6 --pairs pairs.jsonl
expect_same stdout far.jsonl
[ "$(sort -u pairs.jsonl | wc -l)" -eq "$(wc -l <pairs.jsonl)" ] || fail "a pair is listed twice"
grep -q '"line":1},"second":{"file":".*","line":4},"equal":true}$' pairs.jsonl || fail "no equal pair 1, 4"
grep -q '"line":2},"second":{"file":".*","line":6},"jaccard":0.877[0-9]*,"signature":0\.' pairs.jsonl || fail "no pair 2, 6"

# An existing output is refused before any work, and replaced with --force.
expect_exit 1 gpt-dedup missing.jsonl -o near.jsonl
expect_exit 1 gpt-dedup "$documents" -o near.jsonl
expect_stderr 'near\.jsonl.*--force'
cp exact.jsonl again.jsonl
expect_exit 0 gpt-dedup -q "$documents" -o again.jsonl --force
expect_same again.jsonl near.jsonl
expect_exit 1 gpt-dedup "$documents" -o other.jsonl --pairs pairs.jsonl
expect_missing other.jsonl
