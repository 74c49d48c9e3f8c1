#!/usr/bin/env python3
"""gpt-generate beside transformers: greedy tokens a second at 124M parameters in fp32, without the loading.

python tests/bench/generate.py PATH-OF-GPT-GENERATE [--threads N] [--batch N] [--rounds N]
Needs torch and transformers (pip install torch==2.11.0 transformers==5.23.0). Both run in turn; the ratio is the
median of the pairs.
"""
import argparse
import json
import os
import statistics
import subprocess
import tempfile
import time

import torch
from transformers import GPT2Config, GPT2LMHeadModel

from byte_vocabulary import byte_vocabulary

PROMPT_TOKENS, NEW_TOKENS = 16, 64


def ours(tool, folder, new_tokens, arguments):
    """Seconds from process start to its report."""
    # Separate letters: the vocabulary has no pair that begins with a space's symbol but one of spaces.
    prompt = " ".join("abcdefgh"[i % 8] for i in range(PROMPT_TOKENS // 2))
    report = f"{folder}/report.json"
    subprocess.run([tool, "--load", folder, "--prompt", prompt, "--greedy", "--num-samples", str(arguments.batch),
                    "--max-new-tokens", str(new_tokens), "--threads", str(arguments.threads), "--batch-size",
                    str(arguments.batch), "--output-format", "jsonl", "--report", report, "-q"],
                   check=True, stdout=subprocess.DEVNULL)
    with open(report, encoding="utf-8") as file:
        result = json.load(file)
    return result["seconds"], result["new_tokens"]


def theirs(model, new_tokens, batch):
    ids = torch.randint(0, 50000, (batch, PROMPT_TOKENS))
    start = time.perf_counter()
    with torch.inference_mode():
        model.generate(ids, attention_mask=torch.ones_like(ids), max_new_tokens=new_tokens,
                       min_new_tokens=new_tokens, do_sample=False, pad_token_id=50256)
    return time.perf_counter() - start


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("tool")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    torch.manual_seed(0)
    torch.set_num_threads(arguments.threads)
    model = GPT2LMHeadModel(GPT2Config()).eval()
    with tempfile.TemporaryDirectory() as folder:
        model.save_pretrained(folder)
        byte_vocabulary(folder)
        theirs(model, 2, arguments.batch)
        ratios, our_rates, their_rates = [], [], []
        for _ in range(arguments.rounds):
            first, few = ours(arguments.tool, folder, 1, arguments)
            last, many = ours(arguments.tool, folder, NEW_TOKENS, arguments)
            our_rates.append((many - few) / (last - first))
            first = theirs(model, 1, arguments.batch)
            last = theirs(model, NEW_TOKENS, arguments.batch)
            their_rates.append(arguments.batch * (NEW_TOKENS - 1) / (last - first))
            ratios.append(our_rates[-1] / their_rates[-1])
            print(f"gpt-generate {our_rates[-1]:7.1f} tokens/s   transformers {their_rates[-1]:7.1f} tokens/s   "
                  f"ratio {ratios[-1]:.2f}", flush=True)
        print(f"median: gpt-generate {statistics.median(our_rates):.1f}, transformers "
              f"{statistics.median(their_rates):.1f} tokens/s, ratio {statistics.median(ratios):.2f}")


main()
