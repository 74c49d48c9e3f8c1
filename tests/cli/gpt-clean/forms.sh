#!/bin/sh
# gpt-clean: text to JSON Lines and back, fields chosen and renamed, samples, parts.
. "$GPT_SOURCE/tests/cli/lib.sh"

# Text whose documents are lines, paragraphs, or files.
printf 'ett  stycke\r\npå två rader\n\n \nett till\n\n' >a.txt
printf 'annan fil' >b.txt
expect_exit 0 gpt-clean a.txt b.txt --loose-json -q
printf '{"text":"ett  stycke"}\n{"text":"på två rader"}\n{"text":" "}\n{"text":"ett till"}\n{"text":"annan fil"}\n' |
  cmp - stdout || fail "one document a line: $(cat stdout)"
expect_exit 0 gpt-clean a.txt b.txt --loose-json --input-format paragraphs -q
printf '{"text":"ett  stycke\\npå två rader"}\n{"text":"ett till"}\n{"text":"annan fil"}\n' >paragraphs.jsonl
expect_same stdout paragraphs.jsonl
gzip -k a.txt
expect_exit 0 gpt-clean a.txt.gz - --loose-json --input-format file -q <b.txt
printf '{"text":"ett  stycke\\npå två rader\\n\\n \\nett till"}\n{"text":"annan fil"}\n' | cmp - stdout || fail "a file each"
expect_exit 0 gpt-clean a.txt --input-format paragraphs -q
expect_stdout '"ett stycke\\npå två rader"'
expect_exit 2 gpt-clean a.txt --loose-json --preset nordic
for rank in 0 1 2; do
  expect_exit 0 gpt-clean a.txt b.txt --loose-json --input-format paragraphs -o p.jsonl --rank $rank --world 3 -q
done
cat p.0000?-of-00003.jsonl | cmp - paragraphs.jsonl || fail "shares of paragraphs are not the whole"

# And back.
expect_exit 0 gpt-clean paragraphs.jsonl -o back.txt -q
printf 'ett stycke på två rader\nett till\nannan fil\n' | cmp - back.txt || fail "text comes back a document a line"

# Fields.
cat >fields.jsonl <<'END'
{"id": 1.50, "content": "en \u00e5", "url":"a", "meta": {"url": ["x",  {"y":null}]}, "text":"gammal"}
{"content":"två","id":2}
END
expect_exit 0 gpt-clean fields.jsonl --text-key content --rename content=text,id=nr -q
printf '%s\n' '{"nr":1.50,"text":"en å","url":"a","meta":{"url": ["x",  {"y":null}]}}' '{"text":"två","nr":2}' |
  cmp - stdout || fail "fields were not renamed: $(cat stdout)"
expect_exit 0 gpt-clean fields.jsonl --text-key content --rename content=text --fields content,url -q
printf '%s\n' '{"text":"en å","url":"a"}' '{"text":"två"}' | cmp - stdout || fail "fields were not chosen: $(cat stdout)"
expect_exit 2 gpt-clean fields.jsonl --rename content
expect_exit 2 gpt-clean fields.jsonl --rename a=b,c=b
expect_stderr "a and c would both be named 'b'"
expect_exit 2 gpt-clean fields.jsonl --rename a=b,a=c
expect_stderr "'a' gets two names, b and c"
expect_exit 2 gpt-clean fields.jsonl --sample nan
expect_exit 2 gpt-clean fields.jsonl --language sv --language-confidence nan

# What is written takes the place of a field of that name, never of the text.
printf '%s\n' '{"language": 1, "text":"Det här är en mening på svenska.", "x" :2,"l\u0061nguage_confidence":3}' \
  '{"quality":1,"text":"Det här är en mening på svenska.","fails":2,"rejected":3,"rejected_detail":4}' >taken.jsonl
expect_exit 0 gpt-clean taken.jsonl --language sv -q
grep -c '"language":"sv","language_confidence":[01]\.[0-9]*}$' stdout | grep -qx 2 || fail "no language: $(cat stdout)"
expect_stdout '^\{"text":"Det här är en mening på svenska.","x":2,"language":"sv"'
expect_exit 0 gpt-clean taken.jsonl --annotate -q
grep -o '"fails"' stdout | wc -l | grep -qx 2 || fail "a field comes twice: $(cat stdout)"
expect_exit 0 gpt-clean taken.jsonl --min-chars 500 -o none.jsonl --rejected taken.rejected.jsonl -q
tail -n 1 taken.rejected.jsonl | grep -q '^{"quality":1,"text":"[^"]*","fails":2,"rejected":"min-chars","rejected_detail":"[^"]*"}$' ||
  fail "what was dropped has no reason or two: $(cat taken.rejected.jsonl)"
for key in text text_confidence; do
  expect_exit 2 gpt-clean taken.jsonl --language sv --language-field text --text-key $key
  expect_stderr "the field '$key' holds the text"
done
expect_exit 2 gpt-clean taken.jsonl --annotate --rename text=quality

expect_exit 2 gpt-clean fields.jsonl --fields url -o fields.txt
expect_stderr 'the output is text'

# A sample is the same for any threads, and is about as large as asked for.
awk 'BEGIN { for (i = 0; i < 20000; ++i) printf "{\"text\":\"mening nummer %d\"}\n", i }' >many.jsonl
for threads in 1 3; do
  expect_exit 0 gpt-clean many.jsonl -o sample$threads.jsonl --sample 0.1 --threads $threads -q --report sample.json
done
expect_same sample1.jsonl sample3.jsonl
size=$(wc -l <sample1.jsonl)
[ "$size" -gt 1800 ] && [ "$size" -lt 2200 ] || fail "a tenth of 20000 is not $size"
grep -q "\"documents_unsampled\":$((20000 - size))," sample.json || fail "the report does not say what was left out"
expect_exit 0 gpt-clean many.jsonl -o other.jsonl --sample 0.1 --seed 2 -q
cmp -s sample1.jsonl other.jsonl && fail "the seed changes nothing"
for rank in 0 1; do gpt-clean many.jsonl -o share.jsonl --sample 0.1 --rank $rank --world 2 -q || fail "a share"; done
cat share.0000?-of-00002.jsonl | cmp - sample1.jsonl || fail "shares sample otherwise than the whole"

# Parts hold equally many documents, whatever the threads.
for threads in 1 3; do
  expect_exit 0 gpt-clean many.jsonl -o part$threads.jsonl.gz --split 3 --threads $threads -q
done
for part in 0 1 2; do
  expect_same part1.0000$part-of-00003.jsonl.gz part3.0000$part-of-00003.jsonl.gz
  [ "$(gzip -dc part1.0000$part-of-00003.jsonl.gz | wc -l)" -ge 6666 ] || fail "part $part is short"
done
gzip -dc part1.*.gz | sort >together
sort many.jsonl | cmp - together || fail "the parts are not the whole"
expect_exit 1 gpt-clean many.jsonl -o part1.jsonl.gz --split 3 -q
expect_exit 2 gpt-clean many.jsonl --split 3
expect_exit 2 gpt-clean many.jsonl -o x.jsonl --split 3 --rank 0 --world 2

# Sentences of a length, one a line.
printf '{"text":"Kort. En mening som är lagom. En mening som är alldeles för lång för detta. Ett två."}\n' >sentences.jsonl
expect_exit 0 gpt-clean sentences.jsonl --sentence-language sv --max-chars-per-sentence 30 --min-words-per-sentence 2 \
  --split-sentences -q --report sentences.json
printf '{"text":"En mening som är lagom.\\nEtt två."}\n' | cmp - stdout || fail "sentences: $(cat stdout)"
grep -q '"max-chars-per-sentence":1,.*"min-words-per-sentence":1' sentences.json || fail "each limit is to have its count"
