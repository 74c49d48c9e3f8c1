#!/bin/sh
# gpt-preprocess on our own documents and lines: the bytes of Megatron-Core's datasets.
. "$GPT_SOURCE/tests/cli/lib.sh"
data=$GPT_SOURCE/tests/data
vocabulary=$data/golden/bpe_gpt2_1200

for input in documents.jsonl corpus.txt; do
  name=${input%.*}
  for workers in 1 3; do
    expect_exit 0 gpt-preprocess --input "$data/$input" --output-prefix "$name-$workers" \
      --vocab-file "$vocabulary/vocab.json" --merge-file "$vocabulary/merges.txt" \
      --tokenizer-type GPT2BPETokenizer --dataset-impl mmap --append-eod --workers $workers -q
    expect_quiet
    for ending in bin idx; do
      expect_same "$name-${workers}_text_document.$ending" "$data/golden/${name}_text_document.$ending"
    done
  done
done
