#!/bin/sh
# What is written where, from every kind of prompt.
. "$GPT_SOURCE/tests/cli/lib.sh"
model=$GPT_SOURCE/tests/data/gpt2/plain

# transformers' greedy text (tests/data/gpt2/reference.json).
greedy='Den gamla och ingen långt bår och ryd, schster, och ry,ig ry,ig rylä'
expect_exit 0 gpt-generate --load "$model" --prompt 'Den gamla' --greedy --max-new-tokens 30
expect_quiet
[ "$(cat stdout)" = "$greedy" ] || fail "another greedy text: $(cat stdout)"
cp stdout one

# The same prompt from stdin, from a file, as JSON Lines, gzipped, beside others, and as samples of a batch.
printf 'Den gamla' >prompt.txt
expect_exit 0 gpt-generate --load "$model" --greedy --max-new-tokens 30 <prompt.txt
expect_same stdout one
expect_exit 0 gpt-generate --load "$model" --sample_input_file prompt.txt --temperature 0 --max-new-tokens 30
expect_same stdout one
printf '{"id":7,"prompt":"Den gamla"}\n' | gzip >prompt.jsonl.gz
expect_exit 0 gpt-generate --load "$model" --input prompt.jsonl.gz --json-key prompt --top-k 1 --max-new-tokens 30
expect_same stdout one
printf 'The\n\nDen gamla\r\nå\n' >three.txt
expect_exit 0 gpt-generate --load "$model" --input three.txt --greedy --max-new-tokens 30
expect_quiet
[ "$(grep -c -e '^----------$' stdout)" = 2 ] || fail "three texts have two lines between them: $(cat stdout)"
expect_stdout "^$greedy\$"
expect_exit 0 gpt-generate --load "$model" --prompt 'Den gamla' --greedy --max-new-tokens 30 --num-samples 3
[ "$(grep -c "^$greedy\$" stdout)" = 3 ] || fail "three samples of a greedy text are the same three times"

# JSON Lines: one object a text.
expect_exit 0 gpt-generate --load "$model" --prompt 'Den gamla' --greedy --max-new-tokens 30 -o texts.jsonl
[ ! -s stdout ] || fail "stdout is not empty"
wanted="{\"text\":\"$greedy\",\"length\":36,\"finished\":false,\"stop\":\"length\",\"prompt\":\"Den gamla\",\"prompt_length\":6}"
[ "$(cat texts.jsonl)" = "$wanted" ] || fail "another record: $(cat texts.jsonl)"
expect_exit 0 gpt-generate --load "$model" --prompt 'Den gamla' --greedy --out-seq-length 36 --output-format jsonl
expect_same stdout texts.jsonl

# Without a prompt: from the end-of-document token, up to the model's last position.
expect_exit 0 gpt-generate --load "$model" --num-samples 3 --output-format jsonl
[ "$(wc -l <stdout)" = 3 ] || fail "three texts were asked for"
expect_stdout '"prompt":"","prompt_length":0}$'
expect_stderr "texts ended where the model's 64 positions end"
expect_exit 0 gpt-generate --load "$model" --num-samples 3 -q
expect_quiet

# A folder of checkpoints is followed; a vocabulary may lie elsewhere.
mkdir runs
cp -r "$model" runs/iter_0000005
echo iter_0000005 >runs/latest
expect_exit 0 gpt-generate --load runs --prompt 'Den gamla' --greedy --max-new-tokens 30
expect_same stdout one
mv runs/iter_0000005/vocab.json runs/iter_0000005/merges.txt .
expect_exit 0 gpt-generate --load runs --vocab-file vocab.json --merge-file merges.txt --prompt 'Den gamla' --greedy \
  --max-new-tokens 30 --report report.json
expect_same stdout one
grep -q '"prompt_tokens":6,"new_tokens":30' report.json || fail "the report says something else: $(cat report.json)"
