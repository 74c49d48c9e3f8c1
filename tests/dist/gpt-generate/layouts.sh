#!/bin/sh
# The same texts and the same score, whatever ranks the model lies on; and what is no layout of it.
# shellcheck source=tests/dist/lib_ranks.sh
. "$GPT_SOURCE/tests/dist/lib_ranks.sh"
model=$GPT_SOURCE/tests/data/gpt2/plain
printf '%s\n' 'Den gamla' 'Hej' 'En mycket lång mening som handlar om det ena och om det andra och om mer än så' \
  'Nu är det vår' 'a' >prompts.txt

# generate OUTPUT ARGUMENT...: by $ranks_by, every way of choosing tokens.
generate() {
  output=$1
  shift
  for choice in --greedy '--seed 7' '--top-k 5 --temperature 0.7' '--top-p 0.8'; do
    # shellcheck disable=SC2086 # several words
    expect_exit 0 $ranks_by gpt-generate --load "$model" --input prompts.txt --num-samples 2 --max-new-tokens 24 \
      --batch-size 3 --output-format jsonl --threads 1 $choice "$@"
    cat stdout >>"$output"
  done
}

ranks_by=
generate alone.jsonl
[ "$(wc -l <alone.jsonl)" -eq 40 ] || fail "not 40 texts"
expect_exit 0 gpt-generate --load "$model" --score prompts.txt --stride 5 --threads 1
cp stdout alone.score
while read -r ranks sizes; do
  ranks_by="on_ranks $ranks"
  # shellcheck disable=SC2086 # several words
  generate "$ranks.jsonl" $sizes
  expect_same alone.jsonl "$ranks.jsonl"
  rm "$ranks.jsonl"
  # shellcheck disable=SC2086 # several words
  expect_exit 0 on_ranks "$ranks" gpt-generate --load "$model" --score prompts.txt --stride 5 --threads 1 $sizes
  expect_same alone.score stdout
done <<'TEXT'
2 --tensor-model-parallel-size 2
2 --pipeline-model-parallel-size 2
4 --tensor-model-parallel-size 2 --pipeline-model-parallel-size 2
TEXT

# An output file and a report are rank 0's, each once.
expect_exit 0 on_ranks 2 gpt-generate --load "$model" --input prompts.txt --max-new-tokens 4 -o texts.jsonl \
  --report report.json --pipeline-model-parallel-size 2
[ "$(wc -l <texts.jsonl)" -eq 5 ] || fail "not 5 texts in the file"
grep -q '"texts": *5' report.json || fail "the report does not count 5 texts"

# told_once CODE PATTERN: the last run failed with that message, told once.
told_once() {
  expect_stderr "^gpt-generate: error: .*$1"
  [ "$(grep -c '^gpt-generate: error' stderr)" -eq 1 ] || fail "told more than once"
}
expect_exit 2 on_ranks 2 gpt-generate --load "$model" --prompt a
told_once 'is 1 rank, but 2 were started'
expect_exit 2 gpt-generate --load "$model" --prompt a --tensor-model-parallel-size 2
told_once 'is 2 ranks, but 1 was started: .*mpirun -n 2'
expect_exit 1 on_ranks 3 gpt-generate --load "$model" --prompt a --tensor-model-parallel-size 3
told_once 'does not divide num-attention-heads 2'
expect_exit 1 on_ranks 3 gpt-generate --load "$model" --prompt a --pipeline-model-parallel-size 3
told_once 'num-layers 2 is not a multiple of pipeline-model-parallel-size 3'
printf 'a\n\377\n' >bad.txt
expect_exit 1 on_ranks 2 gpt-generate --load "$model" --input bad.txt -o bad.jsonl --pipeline-model-parallel-size 2
told_once 'bad.txt:2.*not valid UTF-8'
expect_missing bad.jsonl
