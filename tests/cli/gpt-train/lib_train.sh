# shellcheck shell=sh
# Sourced after lib.sh by the tests of gpt-train: a small dataset and vocabulary, and a short way to train.

# A dataset of our own text under the name data_text_document, its vocabulary in vocab/.
make_dataset() {
  i=0
  while [ "$i" -lt 60 ]; do
    printf '{"text":"The boat %s went out at dawn and came back with %s fish. Nobody counted the rest."}\n' "$i" "$((i * 7 % 13))"
    i=$((i + 1))
  done >corpus.jsonl
  gpt-bpe-train corpus.jsonl -o vocab --vocab-size 300 -q || fail "gpt-bpe-train"
  gpt-preprocess --input corpus.jsonl --output-prefix data --vocab-file vocab/vocab.json \
    --merge-file vocab/merges.txt --tokenizer-type GPT2BPETokenizer --append-eod -q || fail "gpt-preprocess"
}

# train ARGUMENT...: a small model on it, or on the dataset $data; later arguments count. With train_by=exec in a
# subshell the program takes the subshell's place, and so its process id.
train() {
  # shellcheck disable=SC2086 # several words
  ${train_by:-} gpt-train --data-path ${data:-data_text_document} --vocab-file vocab/vocab.json --merge-file vocab/merges.txt \
    --num-layers 2 --hidden-size 32 --num-attention-heads 4 --seq-length 16 --max-position-embeddings 16 \
    --micro-batch-size 2 --global-batch-size 4 --train-iters 12 --lr 1e-2 --lr-warmup-iters 2 \
    --split 80,20,0 --eval-interval 5 --eval-iters 2 --log-interval 4 --threads 2 --progress off "$@"
}
