#!/bin/sh
# Wrong command lines and wrong prompts.
. "$GPT_SOURCE/tests/cli/lib.sh"
model=$GPT_SOURCE/tests/data/gpt2/plain

expect_exit 2 gpt-generate
expect_stderr '--load is required'
expect_exit 2 gpt-generate --load "$model" --promt x
expect_stderr "did you mean '--prompt'"
expect_exit 2 gpt-generate --load "$model" --prompt x --input y
expect_exit 2 gpt-generate --load "$model" --prompt x --top-p 1.5
expect_exit 2 gpt-generate --load "$model" --prompt x --temperature -1
expect_exit 2 gpt-generate --load "$model" --prompt x --temperature nan
expect_stderr "temperature: .nan. is no number from 0 to 1e.09"
expect_exit 2 gpt-generate --load "$model" --prompt x --max-new-tokens 0
expect_exit 2 gpt-generate --load "$model" --prompt x --merge-file y
expect_stderr '--merge-file needs --vocab-file'
expect_exit 2 gpt-generate --load "$model" --prompt "$(printf 'a\377')"
expect_stderr '--prompt is not valid UTF-8'
expect_exit 0 gpt-generate --help
expect_stdout '^Examples:'
expect_exit 0 gpt-generate --version
expect_stdout '^gpt-generate '

# Prompts that cannot be continued, with their place.
# shellcheck disable=SC2046 # many words
long=$(printf '%s ' $(seq 200))
expect_exit 1 gpt-generate --load "$model" --prompt "$long"
expect_stderr '--prompt: the prompt has [0-9]+ tokens, but the model has only 64 positions: shorten the prompt'
printf 'a\n\n%s\n' "$long" >prompts.txt
expect_exit 1 gpt-generate --load "$model" --input prompts.txt -o out.txt
expect_stderr 'prompts.txt:3: the prompt has'
expect_missing out.txt
printf 'a\nb\377\n' >prompts.txt
expect_exit 1 gpt-generate --load "$model" --input prompts.txt
expect_stderr 'prompts.txt:2: not valid UTF-8'
printf '{"text":"a"}\n{"text":\n' >prompts.jsonl
expect_exit 1 gpt-generate --load "$model" --input prompts.jsonl -o out.txt
expect_stderr 'prompts.jsonl:2: '
expect_missing out.txt
expect_exit 1 gpt-generate --load "$model" --input missing.txt
expect_stderr 'missing.txt'
: >empty.txt
expect_exit 0 gpt-generate --load "$model" --input empty.txt
expect_quiet

# Outputs: an existing one, no room, nobody who reads.
echo mine >out.txt
expect_exit 1 gpt-generate --load "$model" --prompt a -o out.txt
expect_stderr 'out.txt: exists already; --force replaces it'
[ "$(cat out.txt)" = mine ] || fail "an existing output was replaced"
expect_exit 0 gpt-generate --load "$model" --prompt a -o out.txt --force
[ "$(cat out.txt)" != mine ] || fail "--force did not replace the output"
expect_exit 1 gpt-generate --load "$model" --prompt a -o no/where.txt
expect_stderr 'no/where.txt'
expect_exit 1 gpt-generate --load "$model" --prompt a -o new.txt --report no/where.json
expect_stderr '/no: is no folder; make it first'
expect_missing new.txt
echo a >prompts.txt
expect_exit 2 gpt-generate --load "$model" --input prompts.txt -o ./prompts.txt --force
expect_stderr "--output would replace 'prompts.txt', which is read as --input"
rm -f out.jsonl
(
  ulimit -f 1
  trap '' XFSZ
  gpt-generate --load "$model" --num-samples 200 -o out.jsonl 2>stderr
)
[ $? -eq 1 ] || fail "no room: exit code"
expect_stderr 'out.jsonl: cannot write'
expect_missing out.jsonl
gpt-generate --load "$model" --num-samples 5000 2>stderr | head -c 10 >/dev/null
expect_quiet

# Where no GPU is to be seen: said, whatever the program was built with.
CUDA_VISIBLE_DEVICES=
export CUDA_VISIBLE_DEVICES
expect_exit 1 gpt-generate --load "$model" --prompt a --device cuda
expect_stderr 'CUDA|GPU|driver'
expect_exit 2 gpt-generate --load "$model" --prompt a --bf16
expect_stderr '^gpt-generate: error: --bf16: the CPU computes in fp32; leave it out, or start where there is a GPU \(.*(CUDA|GPU|driver)'
expect_exit 0 gpt-generate --load "$model" --prompt a --max-new-tokens 3
