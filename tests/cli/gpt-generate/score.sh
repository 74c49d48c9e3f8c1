#!/bin/sh
# Mean loss and perplexity of a text, as transformers has them (tests/data/gpt2/reference.json: 1.27599578).
. "$GPT_SOURCE/tests/cli/lib.sh"
model=$GPT_SOURCE/tests/data/gpt2/plain
corpus=$GPT_SOURCE/tests/data/bpe/corpus.txt
expect_exit 0 gpt-generate --load "$model" --score "$corpus" --stride 24
expect_quiet
expect_stdout '^mean loss 1\.276$'
expect_stdout '^perplexity 3\.582'
expect_stdout '^tokens 1477$'
expect_stdout '^documents 1$'
expect_exit 0 gpt-generate --load "$model" --score "$corpus" --stride 24 -o score.jsonl --report report.json
grep -Eq '^\{"loss":1\.27599[0-9]*,"perplexity":3\.582[0-9]*,"tokens":1477,"documents":1,' score.jsonl ||
  fail "another score: $(cat score.jsonl)"
grep -q '"tokens":1477' report.json || fail "the report lacks the tokens"

printf '{"text":"Den gamla"}\n{"text":""}\n{"text":"The"}\n' >documents.jsonl
expect_exit 0 gpt-generate --load "$model" --score documents.jsonl
expect_stdout '^documents 3$'

expect_exit 2 gpt-generate --load "$model" --score "$corpus" --stride 65
expect_stderr "--stride 65 is more than the model's 64 positions"
expect_exit 2 gpt-generate --load "$model" --score "$corpus" --prompt x
expect_exit 2 gpt-generate --load "$model" --prompt x --stride 3
: >empty.txt
expect_exit 1 gpt-generate --load "$model" --score empty.txt
expect_stderr 'empty.txt: holds no text to score'
printf 'a\377b\n' >broken.txt
expect_exit 1 gpt-generate --load "$model" --score broken.txt
expect_stderr 'broken.txt: not valid UTF-8'
expect_exit 1 gpt-generate --load "$model" --score missing.txt
expect_stderr 'missing.txt'
