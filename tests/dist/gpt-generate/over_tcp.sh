#!/bin/sh
# Ranks of gpt-generate without MPI write what one rank writes.
# shellcheck source=tests/dist/lib_tcp.sh
. "$GPT_SOURCE/tests/dist/lib_tcp.sh"
model=$GPT_SOURCE/tests/data/gpt2/plain
printf '%s\n' 'Den gamla' 'Hej' 'Nu är det vår' >prompts.txt
set -- --load "$model" --input prompts.txt --num-samples 2 --max-new-tokens 24 --threads 1
expect_exit 0 gpt-generate "$@" -o alone.jsonl
expect_exit 0 on_tcp_ranks 4 gpt-generate "$@" -o shared.jsonl --tensor-model-parallel-size 2 \
  --pipeline-model-parallel-size 2
expect_same alone.jsonl shared.jsonl
