#!/usr/bin/env python3
"""Makes this folder with Hugging Face transformers (pip install torch==2.11.0 transformers==5.23.0).

A GPT-2 of two small layers learns ../bpe/corpus.txt by heart; it is saved as transformers saves models (plain/),
in bfloat16 and several files (sharded/), and as an old program left it (old/: half precision, no "transformer."
in the names, lm_head and mask buffers beside the weights, a sparse config.json). reference.json holds what
transformers computes from each in fp32. Run it in this folder.
"""
import json
import os
import shutil

import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import GPT2Config, GPT2LMHeadModel

VOCABULARY, MERGES = "../bpe/plain-vocab.json", "../bpe/plain-merges.txt"
PROMPTS = ["", "The", "Den gamla", "å"]
POSITIONS = 64
STRIDE = 24


def encoder():
    tokenizer = Tokenizer(models.BPE.from_file(VOCABULARY, MERGES))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    return lambda text: tokenizer.encode(text).ids


def train(ids):
    torch.manual_seed(1)
    config = GPT2Config(vocab_size=532, n_positions=POSITIONS, n_embd=16, n_layer=2, n_head=2, bos_token_id=0,
                        eos_token_id=0, resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0, initializer_range=0.1)
    model = GPT2LMHeadModel(config)
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
    for _ in range(600):
        starts = torch.randint(0, len(ids) - POSITIONS, (8,))
        batch = torch.stack([torch.tensor(ids[s:s + POSITIONS]) for s in starts])
        loss = model(batch, labels=batch).loss
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model.eval()


def save(model, folder, **options):
    shutil.rmtree(folder, ignore_errors=True)
    model.save_pretrained(folder, **options)
    for name in os.listdir(folder):
        if name not in ("config.json",) and not name.startswith("model"):
            os.remove(os.path.join(folder, name))
    shutil.copy(VOCABULARY, os.path.join(folder, "vocab.json"))
    shutil.copy(MERGES, os.path.join(folder, "merges.txt"))


def save_old(model, folder):
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    tensors = {name.removeprefix("transformer."): value.half().contiguous()
               for name, value in model.state_dict().items() if name != "lm_head.weight"}
    tensors["lm_head.weight"] = torch.zeros(1, 1)  # tied: whatever stands here is not used
    for layer in range(2):
        mask = torch.tril(torch.ones(POSITIONS, POSITIONS, dtype=torch.uint8))[None, None]
        tensors[f"h.{layer}.attn.bias"] = mask.bool() if layer else mask
        tensors[f"h.{layer}.attn.masked_bias"] = torch.tensor(-1e4)
    save_file(tensors, os.path.join(folder, "model.safetensors"))
    with open(os.path.join(folder, "config.json"), "w") as out:
        json.dump({"n_ctx": POSITIONS, "n_embd": 16, "n_head": 2, "n_layer": 2, "vocab_size": 532}, out)
    shutil.copy(VOCABULARY, os.path.join(folder, "vocab.json"))
    shutil.copy(MERGES, os.path.join(folder, "merges.txt"))


def greedy(model, ids, new_tokens):
    ids, added = list(ids), []
    while len(added) < new_tokens:
        token = int(model(torch.tensor([ids])).logits[0, -1].argmax())
        if token == 0:
            break
        ids.append(token)
        added.append(token)
    return added


def score(model, ids):
    """Mean loss of ids[1:], each token in the first of the overlapping windows that reaches it."""
    total, scored, targets = 0.0, 0, len(ids) - 1
    while scored < targets:
        end = min(targets, POSITIONS if scored == 0 else scored + STRIDE)
        begin = max(0, end - POSITIONS)
        logits = model(torch.tensor([ids[begin:end]])).logits[0]
        losses = torch.nn.functional.cross_entropy(logits, torch.tensor(ids[begin + 1:end + 1]), reduction="none")
        total += float(losses[scored - begin:].double().sum())
        scored = end
    return total / targets


def reference(model, encode, corpus):
    with torch.no_grad():
        model = model.float()
        ids = {prompt: [0] if prompt == "" else encode(prompt) for prompt in PROMPTS}
        return {"greedy": [{"prompt": prompt, "ids": ids[prompt], "added": greedy(model, ids[prompt], 40)}
                           for prompt in PROMPTS],
                "logits": model(torch.tensor([ids["Den gamla"]])).logits[0, -1].tolist(),
                "stride": STRIDE, "corpus_loss": score(model, [0] + encode(corpus))}


def main():
    with open("../bpe/corpus.txt", encoding="utf-8", newline="") as file:
        corpus = file.read()
    encode = encoder()
    model = train([0] + encode(corpus))
    save(model, "plain")
    save_old(model, "old")
    result = {"plain": reference(GPT2LMHeadModel.from_pretrained("plain"), encode, corpus)}
    halved = GPT2LMHeadModel.from_pretrained("plain").half().float()
    result["old"] = reference(halved, encode, corpus)
    save(GPT2LMHeadModel.from_pretrained("plain").bfloat16(), "sharded", max_shard_size="12KB")
    result["sharded"] = reference(GPT2LMHeadModel.from_pretrained("sharded"), encode, corpus)
    with open("reference.json", "w") as out:
        json.dump(result, out, separators=(",", ":"))


main()
