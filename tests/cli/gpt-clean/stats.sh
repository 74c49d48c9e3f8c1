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
python3 - <<'END' || fail "not by source: $(cat all.json)"
import json
a = json.load(open("all.json"))["sources"]["a.se"]
assert [a[k] for k in ("documents", "characters", "words", "sentences")] == [2, 39, 10, 3], a
assert a["words_per_sentence"] == {"count": 3, "sum": 10, "least": 3, "greatest": 4, "histogram": {"2": 2, "4": 1}}, a
assert a["languages"] == {"sv": {"documents": 2, "characters": 39, "words": 10}}, a
END
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

# The shares of an array job, and the reports of one, add up too; one that is there stays.
for rank in 0 1 2; do
  expect_exit 0 gpt-clean stats many.jsonl -o share.json --by url:host --rank $rank --world 3 -q
  expect_exit 0 gpt-clean many.jsonl -o kept.jsonl --by url:host --statistics --min-chars 10 --report kept.json \
    --rank $rank --world 3 -q
done
expect_exit 0 gpt-clean stats many.jsonl -o whole.json --by url:host -q
expect_exit 0 gpt-clean stats --merge share.0000?-of-00003.json -o shares.json -q
expect_same shares.json whole.json
expect_exit 0 gpt-clean stats --merge --of before kept.0000?-of-00003.json -o before.json -q
expect_same before.json whole.json
cat kept.0000?-of-00003.jsonl >kept-all.jsonl
expect_exit 0 gpt-clean stats kept-all.jsonl -o kept-all.json --by url:host -q
expect_exit 0 gpt-clean stats --merge kept.0000?-of-00003.json -o after.json -q
expect_same after.json kept-all.json
expect_exit 0 gpt-clean stats many.jsonl -o share.json --rank 1 --world 3
expect_stderr 'is there already: nothing to do'
expect_exit 2 gpt-clean stats - --rank 0 --world 2
expect_exit 2 gpt-clean stats a.json --merge --rank 0 --world 2

# More sources than may be told apart: the largest stay, whatever the threads, and their numbers are whole.
awk 'BEGIN { for (i = 0; i < 100000; ++i) printf "{\"text\":\"Ord %d.\",\"s\":\"h%d\"}\n", i, i % 7 ? i : i % 100 * 7 }' >hosts.jsonl
expect_exit 0 gpt-clean stats hosts.jsonl -o one-hosts.json --sentence-language sv --by s --sources 100 --threads 1
expect_stderr '^gpt-clean: \(others\) +85[0-9]{3} '
expect_exit 0 gpt-clean stats hosts.jsonl -o hosts.json --sentence-language sv --by s --sources 100 --threads 2 -q
expect_same one-hosts.json hosts.json
python3 - <<'END' || fail "not the largest sources"
import json
whole = json.load(open("hosts.json"))
assert len(whole["sources"]) == 100
assert all(s["documents"] in (142, 143) for s in whole["sources"].values())
assert whole["documents"] == 100000 == whole["other_sources"]["documents"] + sum(s["documents"] for s in whole["sources"].values())
END

# Before and after in the report of a run.
expect_exit 0 gpt-clean in.jsonl -o out.jsonl --min-chars 10 --sentence-language sv --statistics --by url:host --report report.json
expect_stderr '^gpt-clean: as read: 3 documents, '
expect_stderr '^gpt-clean: as written: 2 documents, '
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
