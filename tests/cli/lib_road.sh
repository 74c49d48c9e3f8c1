#!/bin/sh
# Sourced after lib.sh: walks the road on the sample pages, so that later tests have every kind of file at hand.
# shellcheck disable=SC2034,SC2154 # scratch comes from lib.sh, base_url goes to the test

# step COMMAND...: one stage; a failure ends the test with the stage's stderr.
step() { expect_exit 0 "$@"; }

# make_samples: leaves pages/ pages.jsonl clean.jsonl unique.jsonl corpus.txt vocab/ data_text_document.* model/ here.
make_samples() {
  cp -r "$GPT_SOURCE/tests/data/pages" pages
  cp "$GPT_SOURCE/tests/data/corpus.txt" corpus.txt
  step gpt-crawl --html pages -o pages.jsonl -q
  step gpt-clean pages.jsonl -o clean.jsonl --language sv -q
  step gpt-dedup clean.jsonl -o unique.jsonl -q
  step gpt-bpe-train unique.jsonl corpus.txt -o vocab --vocab-size 500 -q
  step gpt-preprocess --input unique.jsonl --output-prefix data --vocab-file vocab/vocab.json \
    --merge-file vocab/merges.txt --tokenizer-type GPT2BPETokenizer --append-eod --workers 2 -q
  step gpt-train --data-path data_text_document --vocab-file vocab/vocab.json --merge-file vocab/merges.txt \
    --num-layers 2 --hidden-size 32 --num-attention-heads 2 --seq-length 32 --max-position-embeddings 64 \
    --micro-batch-size 2 --global-batch-size 2 --train-iters 4 --lr 1e-3 --split 100,0,0 --save checkpoints -q
  cp -r checkpoints/iter_0000004 model
  rm -r checkpoints
}

# serve FOLDER: a web server on loopback; sets base_url, and stops with the test.
serve() {
  python3 "$GPT_SOURCE/tests/cli/serve_folder.py" "$1" >"$scratch/server.port" 2>"$scratch/server.log" &
  server=$!
  trap 'kill "$server" 2>/dev/null; rm -rf "$scratch"' EXIT
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    [ -s "$scratch/server.port" ] && break
    sleep 0.3
  done
  [ -s "$scratch/server.port" ] || fail "the web server did not start: $(cat "$scratch/server.log")"
  base_url=http://127.0.0.1:$(cat "$scratch/server.port")
}
