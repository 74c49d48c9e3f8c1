#!/bin/sh
# gpt-clean: what it makes of documents of every kind, in and out of files of every kind.
. "$GPT_SOURCE/tests/cli/lib.sh"
data=$GPT_SOURCE/tests/data/clean

# The golden files, whatever the threads.
for threads in 1 4; do
  expect_exit 0 gpt-clean "$data/mixed.jsonl" --language sv --language-field "" --min-chars 20 --threads $threads \
    --rejected "rejected$threads.jsonl" -q
  expect_quiet
  expect_same stdout "$data/mixed.sv.jsonl"
  expect_same "rejected$threads.jsonl" "$data/mixed.rejected.jsonl"
done
expect_exit 0 gpt-clean "$data/mixed.jsonl" -o sentences.txt --language sv --split-sentences \
  --min_chars_per_sentence 10 -q
expect_same sentences.txt "$data/mixed.sentences.txt"
expect_exit 0 gpt-clean "$data/lines.txt" -q
expect_same stdout "$data/lines.jsonl"

# The same from a pipe, compressed by content, and to compressed files by name.
gzip -c "$data/mixed.jsonl" >mixed.gz
zstd -q -c "$data/mixed.jsonl" >mixed.zst
for input in mixed.gz mixed.zst; do
  expect_exit 0 gpt-clean $input --language sv --language-field "" --min-chars 20 -q
  expect_same stdout "$data/mixed.sv.jsonl"
done
gpt-clean - --language sv --language-field "" --min-chars 20 -q <"$data/mixed.jsonl" >piped || fail "from a pipe"
expect_same piped "$data/mixed.sv.jsonl"
expect_exit 0 gpt-clean mixed.gz -o out.jsonl.gz --language sv --language-field "" --min-chars 20 -q
expect_exit 0 gpt-clean mixed.gz -o out.jsonl.zst --language sv --language-field "" --min-chars 20 -q
gzip -dc out.jsonl.gz | cmp - "$data/mixed.sv.jsonl" || fail "the gzip output differs"
zstd -dcq out.jsonl.zst | cmp - "$data/mixed.sv.jsonl" || fail "the zstd output differs"

# Text by option where no name tells; several inputs in their order; another key.
expect_exit 0 gpt-clean - --input-format text --output-format text -q <"$data/lines.txt"
expect_stdout '^Den andra har en "citering" & en entitet\.'
expect_exit 0 gpt-clean "$data/lines.txt" "$data/mixed.jsonl" --language sv -o both.jsonl -q
[ "$(wc -l <both.jsonl)" -eq 6 ] || fail "two inputs gave $(wc -l <both.jsonl) documents"
printf '{"body":"a  b","text":"c  d"}\n' >body.jsonl
expect_exit 0 gpt-clean body.jsonl --text-key body -q
expect_stdout '^\{"body":"a b","text":"c  d"\}$'

# A byte order mark, a '\r' at the line's end, blank lines and a missing last line end do no harm.
printf '\357\273\277{"text":"a"}\r\n\r\n{"text":"b"}' >odd.jsonl
expect_exit 0 gpt-clean odd.jsonl -q
printf '{"text":"a"}\n{"text":"b"}\n' | cmp - stdout || fail "odd line ends"

# The closing table and the report say how much went, why, and where first.
expect_exit 0 gpt-clean "$data/mixed.jsonl" -o table.jsonl --language sv --report report.json
expect_stderr 'documents 8 in, 4 out; characters [0-9]+ in, [0-9]+ out'
expect_stderr '3 documents dropped  language +.*mixed.jsonl:3 \(en\)'
expect_stderr '1 documents changed  mojibake +.*mixed.jsonl:1'
grep -q '"documents_in":8,"documents_out":4' report.json || fail "the report does not count documents"
grep -q '"reasons":{.*"empty":1,.*"language":3,' report.json || fail "the report gives no reasons"
grep -q '"mojibake":{"file":"[^"]*mixed.jsonl","line":1' report.json || fail "the report has no example"
expect_same stdout /dev/null

# Options may stand before the inputs; languages in one list or in several.
expect_exit 0 gpt-clean --language sv,da "$data/mixed.jsonl" -q
[ "$(wc -l <stdout)" -eq 5 ] || fail "sv,da gave $(wc -l <stdout) documents"
expect_exit 0 gpt-clean --language sv --language da --min-chars 1 "$data/mixed.jsonl" -q
[ "$(wc -l <stdout)" -eq 5 ] || fail "sv and da gave $(wc -l <stdout) documents"
