#!/bin/sh
# All eight tools in a row, from a web site on loopback to generated text.
. "$GPT_SOURCE/tests/cli/lib.sh"
. "$GPT_SOURCE/tests/cli/lib_road.sh"

serve "$GPT_SOURCE/tests/data/pages"
step gpt-crawl "$base_url/index.html" -o pages.jsonl --allow-private --delay 0 --links links.txt --report crawl.json -q
pages=$(wc -l <pages.jsonl)
[ "$pages" -ge 5 ] || fail "the crawl found $pages pages only"
[ -s links.txt ] || fail "no links were written"
jq -e 'has("url") and has("title") and has("text") and has("lang") and has("fetched_at") and .status == 200' \
  pages.jsonl >/dev/null || fail "a page lacks a field"

step gpt-clean pages.jsonl -o clean.jsonl --language sv --report clean.json -q
clean=$(wc -l <clean.jsonl)
[ "$clean" -ge 3 ] || fail "of $pages pages only $clean are left"
[ "$clean" -lt "$pages" ] || fail "all $pages pages are left; those in other languages should go"

step gpt-dedup clean.jsonl -o unique.jsonl -q
cat clean.jsonl clean.jsonl >twice.jsonl
step gpt-dedup twice.jsonl -o unique-of-twice.jsonl -q
expect_same unique.jsonl unique-of-twice.jsonl

step gpt-bpe-train unique.jsonl -o vocab --vocab-size 400 -q
step gpt-preprocess --input unique.jsonl --output-prefix data --vocab-file vocab/vocab.json --merge-file vocab/merges.txt \
  --tokenizer-type GPT2BPETokenizer --append-eod --workers 2 --report preprocess.json -q
tokens=$(jq .tokens preprocess.json)
[ "$(wc -c <data_text_document.bin)" -eq $((2 * tokens)) ] || fail "the .bin file does not hold $tokens 16-bit tokens"

step gpt-estimate model --num-layers 2 --hidden-size 64 --num-attention-heads 2 --seq-length 32 --vocab-size 400
expect_stdout 'arameters'

train() {
  step gpt-train --data-path data_text_document --vocab-file vocab/vocab.json --merge-file vocab/merges.txt \
    --num-layers 2 --hidden-size 64 --num-attention-heads 2 --seq-length 32 --max-position-embeddings 32 \
    --micro-batch-size 4 --global-batch-size 4 --lr 3e-3 --attention-dropout 0 --hidden-dropout 0 --split 100,0,0 \
    --log-interval 10 --eval-iters 0 "$@" -q
}
train --train-iters 60 --save model --metrics metrics.jsonl
first=$(jq -s '.[0].loss' metrics.jsonl)
last=$(jq -s '[.[].loss | numbers] | last' metrics.jsonl)
jq -ne "$last < $first - 1" >/dev/null || fail "the loss went from $first to $last only"

step gpt-generate --load model --prompt "Den" --greedy --max-new-tokens 12
expect_stdout '^Den'
cp stdout greedy.txt
step gpt-generate --load model --prompt "Den" --greedy --max-new-tokens 12
expect_same stdout greedy.txt
