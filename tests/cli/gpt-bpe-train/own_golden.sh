#!/bin/sh
# gpt-bpe-train on our own multilingual corpus: the bytes of Hugging Face tokenizers.
. "$GPT_SOURCE/tests/cli/lib.sh"
data=$GPT_SOURCE/tests/data

# same_as NAME OPTION...: trains on the corpus with those options, by one and by several threads.
same_as() {
  name=$1
  shift
  for threads in 1 4; do
    expect_exit 0 gpt-bpe-train "$data/corpus.txt" -o "$name-$threads" --threads $threads -q "$@"
    expect_same "$name-$threads/vocab.json" "$data/golden/bpe_$name/vocab.json"
    expect_same "$name-$threads/merges.txt" "$data/golden/bpe_$name/merges.txt"
  done
}
same_as gpt2_1200 --vocab-size 1200 --no-add-prefix-space --min-frequency 2 --special-tokens '<|endoftext|>'
expect_quiet
same_as prefix_900 --vocab-size 900 --add-prefix-space --min-frequency 0 \
  --special-tokens '<s>,<pad>,</s>,<unk>,<mask>'
expect_quiet
expect_exit 0 gpt-bpe-train --infile "$data/corpus.txt" --bpe_path labs --vocab_size 900 -q \
  --special-tokens '<s>,<pad>,</s>,<unk>,<mask>'
expect_same labs/merges.txt "$data/golden/bpe_prefix_900/merges.txt"
same_as noalphabet_700 --vocab-size 700 --no-add-prefix-space --min-frequency 0 --initial-alphabet none \
  --special-tokens '<|endoftext|>'
expect_quiet
same_as exhausted --vocab-size 60000 --add-prefix-space --min-frequency 3 --special-tokens '<|endoftext|>'
expect_stderr 'instead of 60000'

# The corpus in any packing is the same corpus.
gzip -c "$data/corpus.txt" >corpus.txt.gz
expect_exit 0 gpt-bpe-train corpus.txt.gz -o packed --vocab-size 1200 --min-frequency 2 -q
expect_same packed/vocab.json "$data/golden/bpe_gpt2_1200/vocab.json"
