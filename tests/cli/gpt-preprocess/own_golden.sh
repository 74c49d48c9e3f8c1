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

# Documents whose sentences are cut already, as Megatron-LM's program takes them: a list of strings is the sequences
# of one document, in the dataset of the level that was asked for, and what they say is the same as of lines.
printf '%s\n' '{"text":["First one.","Second."]}' '{"text":["Third line."]}' >listed.jsonl
printf '%s\n' '{"text":"First one.\nSecond."}' '{"text":"Third line."}' >lines.jsonl
for workers in 1 2; do
  expect_exit 0 gpt-preprocess --input listed.jsonl --output-prefix listed --vocab-file "$vocabulary/vocab.json" \
    --merge-file "$vocabulary/merges.txt" --split-sentences --append-eod --workers $workers -q --force
  expect_exit 0 gpt-preprocess --input lines.jsonl --output-prefix lines --vocab-file "$vocabulary/vocab.json" \
    --merge-file "$vocabulary/merges.txt" --split-sentences --sentence-mode newline --append-eod --workers $workers -q --force
  for ending in bin idx; do expect_same listed_text_sentence.$ending lines_text_sentence.$ending; done
done
