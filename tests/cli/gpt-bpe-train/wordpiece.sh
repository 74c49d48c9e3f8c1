#!/bin/sh
# gpt-bpe-train --algorithm wordpiece: the lines of Hugging Face's trainer, and what reads them.
. "$GPT_SOURCE/tests/cli/lib.sh"
data=$GPT_SOURCE/tests/data

for threads in 1 3; do
  expect_exit 0 gpt-bpe-train "$data/corpus.txt" -o lower-$threads --algorithm wordpiece --vocab-size 1000 \
    --min-frequency 2 --threads $threads -q
  expect_quiet
  expect_same lower-$threads/vocab.txt "$data/golden/wordpiece_lowercase_1000.txt"
  expect_exit 0 gpt-bpe-train "$data/corpus.txt" -o cased-$threads --algorithm wordpiece --no-lowercase \
    --vocab-size 700 --limit-alphabet 59 --threads $threads -q
  expect_same cased-$threads/vocab.txt "$data/golden/wordpiece_cased_700.txt"
done
[ "$(ls lower-1)" = "$(printf 'tokenizer.json\ntokenizer_config.json\nvocab.txt')" ] || fail "other files: $(ls lower-1)"
grep -q '"do_lower_case": false' cased-1/tokenizer_config.json || fail "tokenizer_config.json does not say the letter case"

# Counts are kept apart from those of bytes, and trained on later.
expect_exit 0 gpt-bpe-train "$data/corpus.txt" --counts-out corpus.counts --algorithm wordpiece -q
expect_exit 0 gpt-bpe-train --from-counts corpus.counts -o counted --algorithm wordpiece --vocab-size 1000 \
  --min-frequency 2 -q
expect_same counted/vocab.txt lower-1/vocab.txt
expect_exit 1 gpt-bpe-train --from-counts corpus.counts -o other --vocab-size 1000
expect_stderr 'corpus\.counts: was counted with --algorithm wordpiece --lowercase --unit line, but --split-pattern gpt2'
expect_exit 1 gpt-bpe-train --from-counts corpus.counts -o other --vocab-size 1000 --algorithm wordpiece --no-lowercase
expect_stderr 'but --algorithm wordpiece --no-lowercase'

# gpt-preprocess and gpt-bpe-train evaluate read the folder.
expect_exit 0 gpt-preprocess --input "$data/documents.jsonl" --output-prefix lower --vocab-file lower-1/vocab.txt \
  --tokenizer-type BertWordPieceLowerCase -q
expect_exit 0 gpt-bpe-train evaluate lower-1 cased-1 "$data/documents.jsonl"
expect_stdout '^  1000 entries, '

# Characters that the text does not have; what belongs to the other algorithm.
expect_exit 0 gpt-bpe-train "$data/corpus.txt" -o more --algorithm wordpiece --vocab-size 1000 \
  --initial-characters 'ᚠǂ' -q
grep -qx 'ᚠ' more/vocab.txt && grep -qx 'ǂ' more/vocab.txt || fail "characters that were asked for are not there"
for option in --add-prefix-space '--split-pattern cl100k' '--normalization nfc' '--initial-alphabet none'; do
  # shellcheck disable=SC2086
  expect_exit 2 gpt-bpe-train "$data/corpus.txt" -o no --algorithm wordpiece --vocab-size 900 $option
  expect_stderr 'go with --algorithm bpe'
done
expect_exit 2 gpt-bpe-train "$data/corpus.txt" -o no --algorithm wordpiece --vocab-size 900 --continue-from lower-1
expect_stderr 'WordPiece keeps no merges'
expect_exit 2 gpt-bpe-train "$data/corpus.txt" -o no --algorithm wordpiece --vocab-size 900 --special-tokens '[PAD]'
expect_stderr 'lacks \[UNK\]'
expect_exit 2 gpt-bpe-train "$data/corpus.txt" -o no --vocab-size 900 --lowercase
expect_stderr 'go with --algorithm wordpiece'
expect_missing no
