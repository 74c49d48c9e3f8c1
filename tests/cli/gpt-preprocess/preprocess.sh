#!/bin/sh
# gpt-preprocess: datasets from inputs of every kind, and what it refuses.
. "$GPT_SOURCE/tests/cli/lib.sh"
data=$GPT_SOURCE/tests/data/bpe
vocabulary="--vocab-file $data/plain-vocab.json --merge-file $data/plain-merges.txt"

# preprocess ARGUMENT...: with the vocabulary of the test data.
# shellcheck disable=SC2086  # the arguments in $vocabulary are several on purpose
preprocess() { gpt-preprocess $vocabulary "$@"; }
bytes_of() { od -An -v -tx1 "$1" | tr -d ' \n'; }

# The bytes of the format: a is 65, b 66, a line end 199, <|endoftext|> 0.
printf '{"text":"a\\n"}\n{"text":""}\n\n{"x":[1],"text":"ab"}\n' >a.jsonl
expect_exit 0 preprocess --input a.jsonl --output-prefix a --append-eod -q
expect_quiet
expect_same stdout /dev/null
[ "$(bytes_of a_text_document.bin)" = 4100c7000000410042000000 ] || fail "a.bin is $(bytes_of a_text_document.bin)"
index=4d4d4944494458000001000000000000000802000000000000000300000000000000
index=${index}0300000003000000000000000000000006000000000000000000000000000000
index=${index}01000000000000000200000000000000
[ "$(bytes_of a_text_document.idx)" = $index ] || fail "a.idx is $(bytes_of a_text_document.idx)"

# An empty document may keep its place; without --append-eod nothing is added.
expect_exit 0 preprocess --input a.jsonl --output-prefix k --keep-empty --log-interval 1
expect_stderr 'processed 3 documents'
expect_stderr 'k_text_document: 3 documents \(1 without text\), 4 tokens'
[ "$(bytes_of k_text_document.bin)" = 4100c70041004200 ] || fail "k.bin is $(bytes_of k_text_document.bin)"
[ "$(wc -c <k_text_document.idx)" -eq $((34 + 2 * 12 + 4 * 8)) ] || fail "the empty document has no entry"

# The same bytes whatever the threads, the compression, the pipe; several inputs follow each other.
i=0
while [ $i -lt 3000 ]; do
  printf '{"text":"rad %d: det var en gång\\n\\n  en  liten stad","n":%d,"title":"Stad %d"}\n' $i $i $i
  i=$((i + 1))
done >many.jsonl
expect_exit 0 preprocess --input many.jsonl --output-prefix one --workers 1 --append-eod -q
expect_exit 0 preprocess --input many.jsonl --output-prefix four --workers 4 --append-eod -q
gzip -c many.jsonl >many.jsonl.gz
expect_exit 0 preprocess --input many.jsonl.gz --output-prefix gz --append-eod -q
expect_exit 0 preprocess --input - --output-prefix pipe --append-eod -q <many.jsonl
head -n 1000 many.jsonl >head.jsonl
tail -n 2000 many.jsonl >tail.jsonl
expect_exit 0 preprocess --input head.jsonl tail.jsonl --output-prefix two --append-eod -q --report report.json
for name in four gz pipe two; do
  expect_same one_text_document.bin ${name}_text_document.bin
  expect_same one_text_document.idx ${name}_text_document.idx
done
grep -q '"documents":3000' report.json || fail "the report does not count the documents"
grep -q '"token_type":"u16"' report.json || fail "the report does not name the token type"

# A dataset for each field; text files.
expect_exit 0 preprocess --input many.jsonl --output-prefix both --json-keys text title -q --append-eod
expect_same one_text_document.idx both_text_document.idx
[ -s both_title_document.bin ] || fail "no dataset for the titles"
printf 'ab\r\n\nab' >lines.txt
expect_exit 0 preprocess --input lines.txt --output-prefix lines -q
[ "$(bytes_of lines_text_document.bin)" = 4100420041004200 ] || fail "lines.txt is not two documents"
expect_exit 0 preprocess --input - --input-format text --output-prefix piped -q <lines.txt
expect_same lines_text_document.idx piped_text_document.idx

# Existing datasets are refused, either file of them, and replaced with --force.
expect_exit 1 preprocess --input a.jsonl --output-prefix a
expect_stderr 'a_text_document.bin: exists already; --force'
rm a_text_document.bin
expect_exit 1 preprocess --input a.jsonl --output-prefix a
expect_stderr 'a_text_document.idx: exists already; --force'
expect_missing a_text_document.bin
expect_exit 0 preprocess --input a.jsonl --output-prefix a --force -q

# Wrong usage.
expect_exit 2 preprocess --input a.jsonl
expect_exit 2 gpt-preprocess --input a.jsonl --output-prefix none
expect_exit 2 preprocess --input a.jsonl --output-prefix none --tokenizer-type Nonesuch
expect_exit 2 preprocess --input a.jsonl --output-prefix none --apend-eod
expect_stderr 'append-eod'

# Bad input: one message, exit code 1, nothing under the final name.
bad() {
  pattern=$1
  shift
  expect_exit 1 "$@" --output-prefix none --append-eod
  expect_stderr "$pattern"
  [ "$(wc -l <stderr)" -eq 1 ] || fail "more than one message: $*"
  expect_missing none_text_document.bin
  expect_missing none_text_document.idx
}
bad 'missing.jsonl: cannot open' preprocess --input missing.jsonl
: >empty.jsonl
bad 'empty.jsonl: holds no documents' preprocess --input empty.jsonl
printf '{"text":""}\n' >hollow.jsonl
bad 'hollow.jsonl: holds no document with text' preprocess --input hollow.jsonl
printf '{"text":"a"}\n{"text":"bro\377ken"}\n' >broken.jsonl
bad 'broken.jsonl:2: ' preprocess --input broken.jsonl
printf 'a\nbro\377ken\n' >broken.txt
bad 'broken.txt:2: not valid UTF-8' preprocess --input broken.txt
printf '{"text":"a"}\n{"text":\n' >invalid.jsonl
bad 'invalid.jsonl:2: ' preprocess --input invalid.jsonl
printf '{"text":"a"}\n{"body":"b"}\n' >nokey.jsonl
bad 'nokey.jsonl:2: .*text' preprocess --input nokey.jsonl
head -c 2000 many.jsonl.gz >cut.jsonl.gz
bad 'cut.jsonl.gz: ' preprocess --input cut.jsonl.gz
bad 'cut.jsonl.gz: ' preprocess --input many.jsonl cut.jsonl.gz

# A vocabulary that does not fit.
head -c 2000 "$data/plain-vocab.json" >cut.json
bad 'cut.json: not a JSON object' gpt-preprocess --input a.jsonl --vocab cut.json --merge-file "$data/plain-merges.txt"
head -n 100 "$data/plain-merges.txt" >cut.txt
bad 'cut.txt: its 99 merges end with token' gpt-preprocess --input a.jsonl --vocab "$data/plain-vocab.json" \
  --merge-file cut.txt
bad 'exhausted-merges.txt:[0-9]*: .*do not belong together' gpt-preprocess --input a.jsonl \
  --vocab "$data/plain-vocab.json" --merge-file "$data/exhausted-merges.txt"
bad 'noalphabet-vocab.json' gpt-preprocess --input broken.txt --on-error fail \
  --vocab "$data/noalphabet-vocab.json" --merge-file "$data/plain-merges.txt"
printf '{"text":"\\u0001"}\n' >rare.jsonl
bad 'rare.jsonl:1: byte 0x01 has no token' gpt-preprocess --input rare.jsonl --vocab "$data/noalphabet-vocab.json" \
  --merge-file "$data/noalphabet-merges.txt"
bad 'prefix-vocab.json: has no token <.endoftext.>' gpt-preprocess --input a.jsonl \
  --vocab "$data/prefix-vocab.json" --merge-file "$data/prefix-merges.txt"

# Bad records can be skipped.
expect_exit 0 preprocess --input broken.jsonl invalid.jsonl nokey.jsonl --output-prefix skip --on-error skip
expect_stderr 'skipped 3 records'
[ "$(bytes_of skip_text_document.bin)" = 410041004100 ] || fail "what remained is not three times 'a'"

# A full disk (a file-size limit of 64 KiB): one message, and no half of a dataset.
limited() (
  trap '' XFSZ
  ulimit -f 64
  exec "$@"
)
# shellcheck disable=SC2086
expect_exit 1 limited gpt-preprocess --input many.jsonl --output-prefix full $vocabulary
expect_stderr 'full_text_document.bin: cannot write: File too large'
expect_missing full_text_document.bin
expect_missing full_text_document.idx

# Megatron-LM's own datasets, byte for byte (own_golden.sh has those that are in the tree).
need_test_data
for language in sv en; do
  expect_exit 0 gpt-preprocess --input "$GPT_TEST_DATA/golden/$language.jsonl" --output-prefix "$language" \
    --vocab "$GPT_TEST_DATA/gpt2/vocab.json" --merge-file "$GPT_TEST_DATA/gpt2/merges.txt" --dataset-impl mmap \
    --tokenizer-type GPT2BPETokenizer --append-eod --workers 3 -q
  expect_quiet
  expect_same "${language}_text_document.bin" "$GPT_TEST_DATA/golden/${language}_text_document.bin"
  expect_same "${language}_text_document.idx" "$GPT_TEST_DATA/golden/${language}_text_document.idx"
done
