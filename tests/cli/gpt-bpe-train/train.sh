#!/bin/sh
# gpt-bpe-train: its files, inputs of every kind, and what it refuses.
. "$GPT_SOURCE/tests/cli/lib.sh"
data=$GPT_SOURCE/tests/data/bpe

# The files of Hugging Face tokenizers, whatever the threads.
for threads in 1 3; do
  expect_exit 0 gpt-bpe-train "$data/corpus.txt" -o "v$threads" --vocab-size 500 --add-prefix-space \
    --special-tokens '<s>,<pad>,</s>,<unk>,<mask>' --threads $threads -q
  expect_quiet
  expect_same "v$threads/vocab.json" "$data/prefix-vocab.json"
  expect_same "v$threads/merges.txt" "$data/prefix-merges.txt"
done
expect_exit 0 gpt-bpe-train --infile "$data/corpus.txt" --bpe_path labs --vocab_size 400 --initial-alphabet none \
  --no-add-prefix-space
expect_stderr '400 tokens, 230 of them merges'
expect_same labs/vocab.json "$data/noalphabet-vocab.json"
expect_same stdout /dev/null

# Compressed, from a pipe, JSON Lines, several files, a report.
gzip -c "$data/corpus.txt" >corpus.txt.gz
expect_exit 0 gpt-bpe-train corpus.txt.gz -o gz --vocab-size 600 --min-frequency 2 --report report.json
expect_stderr 'warning: the vocabulary has 532 entries instead of 600'
expect_same gz/merges.txt "$data/plain-merges.txt"
grep -q '"merges":275' report.json || fail "the report does not count the merges"
grep -q '"unique_words":461' report.json || fail "the report does not count the words"
expect_exit 0 gpt-bpe-train - --input-format text -o pipe --vocab-size 600 --min-frequency 2 -q <"$data/corpus.txt"
expect_same pipe/vocab.json "$data/plain-vocab.json"
printf '{"text":"ab ab\\n"}\n\n{"id":7,"text":"ab"}\n' >a.jsonl
printf 'ab ab\nab' >b.txt
expect_exit 0 gpt-bpe-train a.jsonl b.txt -o two --vocab-size 259 -q
expect_quiet
expect_same two/merges.txt - <<'END'
#version: 0.2
a b
Ġ ab
END

# Existing files are refused before any work, and replaced with --force.
expect_exit 1 gpt-bpe-train a.jsonl -o two --vocab-size 258
expect_stderr 'two/vocab.json: exists already; --force'
# The picture of the result: ab four times, and twice a space and ab.
expect_exit 0 gpt-bpe-train a.jsonl b.txt -o two --vocab-size 258 --force --report two.json
expect_stderr 'words of letters: 1\.333 tokens each, 66\.7 % of them one token; 255 of the 258 entries are left in no word'
grep -q '"letter_words":6,"letter_word_tokens":8,"whole_words":4,"unreached":255' two.json ||
  fail "the report lacks the figures of words"
mkdir there
expect_exit 0 gpt-bpe-train a.jsonl -o there --vocab-size 258 -q
expect_exit 1 gpt-bpe-train a.jsonl -o a.jsonl --vocab-size 258
expect_stderr 'a.jsonl: is no folder'

# Wrong usage.
expect_exit 2 gpt-bpe-train a.jsonl -o none
expect_exit 2 gpt-bpe-train a.jsonl --vocab-size 300
expect_exit 2 gpt-bpe-train a.jsonl -o none --vocab-size many
expect_exit 2 gpt-bpe-train a.jsonl -o none --vocab-size 300 --min-freqency 2
expect_stderr 'min-frequency'
expect_exit 1 gpt-bpe-train a.jsonl -o none --vocab-size 256
expect_stderr '256 entries cannot hold the 257'
expect_missing none

# Bad input: one message, exit code 1, nothing under the final name.
bad() {
  pattern=$1
  shift
  expect_exit 1 gpt-bpe-train "$@" -o deep/none --vocab-size 300
  expect_stderr "$pattern"
  [ "$(wc -l <stderr)" -eq 1 ] || fail "more than one message: $*"
  expect_missing deep
}
bad 'missing.txt: cannot open' missing.txt
: >empty.txt
bad 'empty.txt: holds no text' empty.txt
printf '\n\n' >blank.jsonl
bad 'blank.jsonl: and the other inputs hold no text' blank.jsonl empty.txt
printf 'fine\nbro\377ken\n' >broken.txt
bad 'broken.txt:2: not valid UTF-8' broken.txt
printf '{"text":"a"}\n{"text":"bro\377ken"}\n' >broken.jsonl
bad 'broken.jsonl:2: ' broken.jsonl
printf '{"text":"a"}\n{"text":\n' >invalid.jsonl
bad 'invalid.jsonl:2: ' invalid.jsonl
printf '{"text":"a"}\n{"body":"b"}\n' >nokey.jsonl
bad 'nokey.jsonl:2: .*text' nokey.jsonl
head -c 300 corpus.txt.gz >cut.txt.gz
bad 'cut.txt.gz: ' cut.txt.gz

# Bad records can be skipped; what remains counts.
expect_exit 0 gpt-bpe-train broken.txt invalid.jsonl nokey.jsonl -o skipped --vocab-size 300 --on-error skip
expect_stderr 'skipped 3 records'
expect_exit 0 gpt-bpe-train nokey.jsonl -o other --vocab-size 300 --json-key body --on-error skip -q

# A full disk (a file-size limit of 2 KiB or less): one message, and no half of a vocabulary.
limited() (
  trap '' XFSZ
  ulimit -f 2
  exec "$@"
)
expect_exit 1 limited gpt-bpe-train "$data/corpus.txt" -o full --vocab-size 600
expect_stderr 'full/vocab.json: cannot write: File too large'
expect_missing full
