#!/bin/sh
# label: slow
# transformers loads the folders that are written here, and computes from them what gpt-generate computes.
# Needs a Python with torch, transformers and safetensors: GPT_PEERS_PYTHON names it.
. "$GPT_SOURCE/tests/cli/lib.sh"
if [ -z "${GPT_PEERS_PYTHON:-}" ]; then
  echo "SKIPPED: GPT_PEERS_PYTHON names no Python with transformers, so that folders written here load there is not tested"
  exit 77
fi
model=$GPT_SOURCE/tests/data/gpt2/plain

# The reference model written again, in one file, in shards, and in bfloat16.
mkdir written
GPT_INTEROP_MODEL=$model GPT_INTEROP_FOLDER=$scratch/written expect_exit 0 unit_gpt_checkpoint --no-skip \
  --test-case='a model is written for other programs'
expect_stdout 'test cases: +1 \| +1 passed'

# A checkpoint of a training run that began with it.
expect_exit 0 gpt-preprocess --input "$GPT_SOURCE/tests/data/documents.jsonl" --output-prefix data \
  --vocab-file "$model/vocab.json" --merge-file "$model/merges.txt" --tokenizer-type GPT2BPETokenizer --append-eod -q
expect_exit 0 gpt-train --load "$model" --finetune --data-path data_text_document --split 100,0,0 --num-layers 2 \
  --hidden-size 16 --num-attention-heads 2 --seq-length 32 --max-position-embeddings 64 --micro-batch-size 4 \
  --train-iters 5 --lr 1e-3 --save runs -q
cp -r runs/iter_0000005 written/trained

cat >compare.py <<'PYTHON'
import sys, torch
from transformers import GPT2LMHeadModel

plain = GPT2LMHeadModel.from_pretrained(sys.argv[1])
ids = torch.tensor([[5, 17, 250, 33, 400, 531, 0, 9]])
wanted = plain(ids).logits
for name, tolerance in (("single", 0.0), ("sharded", 0.0), ("bf16", 0.3)):
    model, info = GPT2LMHeadModel.from_pretrained("written/" + name, output_loading_info=True)
    assert not info["missing_keys"] and not info["unexpected_keys"], (name, info)
    difference = float((model.float()(ids).logits - wanted).abs().max())
    assert difference <= tolerance, (name, difference)
trained = GPT2LMHeadModel.from_pretrained("written/trained")
assert float((trained(ids).logits - wanted).abs().max()) > 1e-3, "training changed nothing"
import json
from tokenizers import Tokenizer, models, pre_tokenizers
encoder = Tokenizer(models.BPE.from_file("written/trained/vocab.json", "written/trained/merges.txt"))
encoder.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
text = open(sys.argv[2], encoding="utf-8").read()
tokens = [0] + encoder.encode(text).ids
loss = trained(torch.tensor([tokens[:-1]])).logits[0]
print(float(torch.nn.functional.cross_entropy(loss, torch.tensor(tokens[1:]))))
trained.save_pretrained("saved_again")
PYTHON
printf 'Den gamla katten och havet.' >text.txt
"$GPT_PEERS_PYTHON" compare.py "$model" text.txt >loss 2>stderr || fail "transformers disagrees"
expect_exit 0 gpt-generate --load written/trained --score text.txt --output-format jsonl
awk -v theirs="$(cat loss)" -F '[:,]' '{ d = $2 - theirs; exit !(d < 1e-5 && d > -1e-5) }' stdout ||
  fail "the loss of a trained model is $(cat stdout) here, $(cat loss) in transformers"

# And back: what transformers saved of it is read here.
cp written/trained/vocab.json written/trained/merges.txt saved_again
cp stdout first
expect_exit 0 gpt-generate --load saved_again --score text.txt --output-format jsonl
expect_same stdout first
