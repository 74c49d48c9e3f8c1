#!/bin/sh
# gpt-preprocess merge, split, info and verify; shares of the input, sentences, and the other kinds of tokenizer.
. "$GPT_SOURCE/tests/cli/lib.sh"
data=$GPT_SOURCE/tests/data/bpe
tokenizers=$GPT_SOURCE/tests/data/golden/tokenizers
vocabulary="--vocab-file $data/plain-vocab.json --merge-file $data/plain-merges.txt"
# shellcheck disable=SC2086  # the arguments in $vocabulary are several on purpose
preprocess() { gpt-preprocess $vocabulary "$@"; }

i=0
while [ $i -lt 500 ]; do
  printf '{"text":"Rad %d. Det var en stad. Slut!"}\n' $i
  i=$((i + 1))
done >all.jsonl

# Shares of the input, one after the other, are the whole; a finished one is left alone.
expect_exit 0 preprocess --input all.jsonl --output-prefix whole --append-eod -q
for rank in 0 1 2; do
  expect_exit 0 preprocess --input all.jsonl --output-prefix part --append-eod -q --rank $rank --world 3
done
expect_exit 0 preprocess --input all.jsonl --output-prefix part --append-eod --rank 1 --world 3
expect_stderr 'part.00001-of-00003_text_document is there already'
expect_exit 0 gpt-preprocess merge part.0000?-of-00003_text_document.idx -o joined
expect_stderr 'joined: 500 documents, 500 sequences'
expect_same joined.bin whole_text_document.bin
expect_same joined.idx whole_text_document.idx

# Cut and joined again it is the same.
expect_exit 0 gpt-preprocess split joined --shares 98,1,1 -o cut -q
expect_exit 0 gpt-preprocess info cut.00001-of-00003
expect_stdout '^documents +5$'
expect_exit 0 gpt-preprocess merge cut.0000?-of-00003.bin -o again -q
expect_same again.bin whole_text_document.bin
expect_same again.idx whole_text_document.idx
expect_exit 1 gpt-preprocess merge cut.0000?-of-00003.bin -o again -q
expect_stderr 'again.bin'
expect_exit 2 gpt-preprocess merge again -o again
expect_exit 2 gpt-preprocess split again -o x
expect_exit 2 gpt-preprocess merge -o x

# Shares that no part of a whole can be, and documents that cannot be.
for shares in nan,1 1,nan inf,1 0,1e308,1e308 -1,2 0,0; do
  expect_exit 2 gpt-preprocess split again --shares=$shares -o wrong
  expect_stderr 'shares'
done
for document in -1 -18446744073709551615 nan 0.5; do
  expect_exit 2 gpt-preprocess info again --decode=$document --vocab-file "$data/plain-vocab.json" \
    --merge-file "$data/plain-merges.txt"
  expect_stderr 'decode'
done
ls | grep -q '^wrong' && fail "shares that are refused left files"
# A share of nothing is an empty part; tiny ones count as large ones do.
expect_exit 0 gpt-preprocess split joined --shares 0,1e-300,1e-300 -o tiny -q
expect_exit 0 gpt-preprocess info tiny.00000-of-00003
expect_stdout '^documents +0$'
expect_exit 0 gpt-preprocess info tiny.00002-of-00003
expect_stdout '^documents +250$'

# What it holds.
# shellcheck disable=SC2086
expect_exit 0 gpt-preprocess info joined --decode 7 $vocabulary
expect_stdout '^Rad 7. Det var en stad. Slut!<\|endoftext\|>$'
# shellcheck disable=SC2086
expect_exit 1 gpt-preprocess info joined --decode 500 $vocabulary
expect_stderr 'has 500 documents, counted from 0'
expect_exit 2 gpt-preprocess info joined --decode 7

# Sentences are sequences.
expect_exit 0 preprocess --input all.jsonl --output-prefix s --split-sentences --lang swedish --append-eod
expect_stderr 's_text_sentence: 500 documents \(0 without text\), 1500 sentences'
expect_exit 0 gpt-preprocess info s_text_sentence --report info.json
expect_stdout '^sequences +1500$'
expect_stdout 'sentences per document +mean 3.0, least 3, most 3'
grep -q '"sentences_per_document":3' info.json || fail "the report of info has no sentences"
expect_exit 0 preprocess --input all.jsonl --output-prefix n --split-sentences --sentence-mode newline -q
expect_exit 0 gpt-preprocess info n_text_sentence
expect_stdout '^sequences +500$'
expect_exit 0 preprocess --input all.jsonl --output-prefix kept --split-sentences --keep-newlines -q
# shellcheck disable=SC2086
expect_exit 0 gpt-preprocess info kept_text_sentence --decode 3 $vocabulary
printf 'Rad 3. \nDet var en stad. \nSlut!\n' >wanted
expect_same stdout wanted
expect_exit 2 preprocess --input all.jsonl --output-prefix x --split-sentences --lang klingon

# BERT's way, and tokenizer.json; the ids are checked elsewhere.
printf '{"text":"Hej. D\303\251t!"}\n' >short.jsonl
expect_exit 0 gpt-preprocess --input short.jsonl --output-prefix my-bert --vocab "$tokenizers/wordpiece_lower.txt" \
  --dataset-impl mmap --tokenizer-type BertWordPieceLowerCase --split-sentences --workers 80 -q
expect_exit 0 gpt-preprocess info my-bert_text_sentence --decode 0 --tokenizer-type BertWordPieceLowerCase \
  --vocab "$tokenizers/wordpiece_lower.txt"
expect_stdout '^det !$'
printf '{"text":"a<|endoftext|>b"}\n' >special.jsonl
for special in "" --allow-special; do
  # shellcheck disable=SC2086
  expect_exit 0 gpt-preprocess --input special.jsonl --output-prefix hf --tokenizer-type HFTokenizer \
    --vocab-file "$tokenizers/o200k.json" --append-eod $special -q --force
  expect_exit 0 gpt-preprocess info hf_text_document
  cp stdout "info$special"
done
grep -q '^tokens  *4$' info--allow-special || fail "a special token was not recognised"
! grep -q '^tokens  *4$' info || fail "a special token was recognised unasked"
sed 's/Isolated/Removed/' "$tokenizers/o200k.json" >odd.json
expect_exit 1 gpt-preprocess --input short.jsonl --output-prefix x --tokenizer-type HFTokenizer --vocab-file odd.json
expect_stderr 'odd.json: its split pattern is applied as "Removed"'
expect_exit 2 gpt-preprocess --input short.jsonl --output-prefix x --vocab-file "$tokenizers/o200k.json"
expect_exit 2 gpt-preprocess --input short.jsonl --output-prefix x --vocab-file a --merge-file b --tokenizer-type HFTokenizer

# Damage.
expect_exit 0 gpt-preprocess verify joined.idx s_text_sentence --vocab-size 60000
expect_stdout '^joined: sound: 500 documents'
expect_exit 1 gpt-preprocess verify joined --vocab-size 10
expect_stderr 'joined.bin: holds the id [0-9]+, but the vocabulary has 10 entries'
head -c 100 joined.bin >short.bin
cp joined.idx short.idx
expect_exit 1 gpt-preprocess verify short
expect_stderr 'short.bin has 100 bytes'
expect_exit 1 gpt-preprocess verify nowhere
