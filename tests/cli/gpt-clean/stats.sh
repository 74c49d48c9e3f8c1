#!/bin/sh
# gpt-clean stats, its sums over parts, and the statistics in the report of a run.
. "$GPT_SOURCE/tests/cli/lib.sh"

cat >in.jsonl <<'END'
{"text":"Hej på dig! Det är fem ägg.","url":"https://a.se/1"}
{"text":"Kort.","url":"https://b.se/1"}
{"text":"Ett två tre.","url":"https://a.se/2"}
END
expect_exit 0 gpt-clean stats in.jsonl -o all.json --sentence-language sv --by url:host
expect_stderr '3 documents, 48 bytes, 44 characters, 11 words, 4 sentences'
expect_stderr '^gpt-clean: a\.se +2 +39 +88\.6'
grep -q '"sources":{"a.se":{"documents":2,"characters":39,"words":10},"b.se":{"documents":1,' all.json ||
  fail "not by source: $(cat all.json)"
grep -q '"sentences_per_document":{"count":3,"sum":4,"least":1,"greatest":2,"histogram":{"1":2,"2":1}}' all.json ||
  fail "not by sentences: $(cat all.json)"

# Parts add up to the whole, and threads do not matter.
head -n 1 in.jsonl >a.jsonl
tail -n 2 in.jsonl >b.jsonl
for part in a b; do expect_exit 0 gpt-clean stats $part.jsonl -o $part.json --sentence-language sv --by url:host -q; done
expect_exit 0 gpt-clean stats --merge a.json b.json -o merged.json -q
expect_same merged.json all.json
for i in 1 2 3 4 5 6 7 8 9 10; do awk '{ for (i = 0; i < 3000; ++i) print }' in.jsonl; done >many.jsonl
expect_exit 0 gpt-clean stats many.jsonl -o one.json --threads 1 -q
expect_exit 0 gpt-clean stats many.jsonl -o three.json --threads 3 -q
expect_same one.json three.json

# Before and after in the report of a run.
expect_exit 0 gpt-clean in.jsonl -o out.jsonl --min-chars 10 --sentence-language sv --statistics --by url:host --report report.json -q
grep -q '"statistics_before":{"documents":3,.*"statistics_after":{"documents":2,' report.json || fail "no statistics in the report"
python3 -c 'import json; r = json.load(open("report.json")); assert list(r["statistics_after"]["sources"]) == ["a.se"], r' ||
  fail "sources after"
expect_exit 2 gpt-clean in.jsonl --by url
expect_exit 1 gpt-clean stats --merge in.jsonl
expect_stderr 'in.jsonl:1: these are no statistics'
expect_exit 1 gpt-clean stats in.jsonl -o all.json -q
expect_stderr 'exists already'
expect_exit 1 gpt-clean stats report.json --text-key none -q

# Tokens, of documents and of their sentences.
printf '{"text":"aab ab. Ab aab."}\n' >letters.jsonl
printf '{"a":0,"b":1,"A":2,".":3,"\\u0120":4,"ab":5}' >vocab.json
printf '#version: 0.2\na b\n' >merges.txt
expect_exit 0 gpt-clean stats letters.jsonl --sentence-language en --vocab-file vocab.json --merge-file merges.txt -q
expect_stdout '"tokens":12,.*"tokens_per_document":\{"count":1,"sum":12,.*"tokens_per_sentence":\{"count":2,"sum":11,'
expect_exit 2 gpt-clean stats letters.jsonl --merge-file merges.txt
