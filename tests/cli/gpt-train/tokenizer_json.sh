#!/bin/sh
# A dataset made with a tokenizer.json is trained on and generated from with that file, which travels with the
# checkpoints: its split pattern is not GPT-2's, so vocab.json and merges.txt could not say the same.
. "$GPT_SOURCE/tests/cli/lib.sh"
. "$GPT_SOURCE/tests/cli/gpt-train/lib_train.sh"
json=$GPT_SOURCE/tests/data/golden/tokenizers/qwen2.json

i=0
while [ "$i" -lt 60 ]; do
  printf '{"text":"The boat %s2024 went out at dawn and came back. Nobody counted the rest."}\n' "$i"
  i=$((i + 1))
done >corpus.jsonl
expect_exit 0 gpt-preprocess --input corpus.jsonl --output-prefix data --tokenizer-type HFTokenizer \
  --vocab-file "$json" --append-eod -q
small() {
  gpt-train --data-path data_text_document --num-layers 1 --hidden-size 16 --num-attention-heads 2 --seq-length 16 \
    --micro-batch-size 2 --global-batch-size 2 --lr 1e-2 --split 90,10,0 --progress off --device cpu "$@"
}
expect_exit 0 small --max-position-embeddings 16 --vocab-file "$json" --train-iters 2 --save model
expect_same "$json" model/iter_0000002/tokenizer.json
expect_missing model/iter_0000002/vocab.json
expect_exit 0 gpt-generate --load model --prompt 'The boat' --greedy --max-new-tokens 4 --device cpu
cp stdout from_folder
expect_exit 0 gpt-generate --load model --vocab-file "$json" --prompt 'The boat' --greedy --max-new-tokens 4 --device cpu
expect_same stdout from_folder

# The checkpoint's vocabulary goes on with the training, into the next checkpoint.
expect_exit 0 small --load model --train-iters 4 --override-lr-scheduler --save more
expect_same "$json" more/iter_0000004/tokenizer.json

# A vocabulary that is another's, and one without its merges.
expect_exit 1 gpt-generate --load model --vocab-file "$GPT_SOURCE/tests/data/bpe/plain-vocab.json" --prompt a --device cpu
expect_stderr 'plain-vocab.json: '
expect_exit 1 gpt-generate --load model --vocab-file "$GPT_SOURCE/tests/data/bpe/exhausted-vocab.json" \
  --merge-file "$GPT_SOURCE/tests/data/bpe/exhausted-merges.txt" --prompt a --device cpu
expect_stderr 'exhausted-vocab.json: has [0-9]* entries, but the model in .* has a vocabulary of'
