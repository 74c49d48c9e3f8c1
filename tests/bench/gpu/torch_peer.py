#!/usr/bin/env python3
"""A GPT-2 training step in torch on the same GPU, beside gpt-train's: eager and compiled, scaled_dot_product_attention.

    python3 tests/bench/gpu/torch_peer.py [--seconds 60]

Prints Markdown rows of tokens a second and the share of the GPU's peak, by the same count of FLOPs as ours: 6 for each
parameter but the position table and token, and attention's with half of the square.
Needs torch (pip install torch==2.11.0); nothing is downloaded.
"""
import argparse
import math
import statistics
import time

import torch
from torch import nn
from torch.nn import functional

PEAK = 989e12
VOCABULARY, LENGTH = 50304, 1024


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x):
        batch, length, width = x.shape
        parts = self.qkv(self.norm1(x)).split(width, dim=2)
        q, k, v = (p.view(batch, length, self.heads, -1).transpose(1, 2) for p in parts)
        y = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.out(y.transpose(1, 2).reshape(batch, length, width))
        return x + self.down(functional.gelu(self.up(self.norm2(x)), approximate="tanh"))


class Gpt(nn.Module):
    def __init__(self, layers, width, heads):
        super().__init__()
        self.tokens, self.positions = nn.Embedding(VOCABULARY, width), nn.Embedding(LENGTH, width)
        self.blocks = nn.ModuleList(Block(width, heads) for _ in range(layers))
        self.norm = nn.LayerNorm(width)
        for parameter in self.parameters():
            if parameter.dim() > 1:
                nn.init.normal_(parameter, std=0.02)

    def forward(self, ids, targets):
        x = self.tokens(ids) + self.positions(torch.arange(ids.shape[1], device=ids.device))
        for block in self.blocks:
            x = block(x)
        logits = self.norm(x) @ self.tokens.weight.T
        return functional.cross_entropy(logits.view(-1, VOCABULARY).float(), targets.view(-1))


def flops_of_token(model, layers, width):
    parameters = sum(p.numel() for p in model.parameters()) - model.positions.weight.numel()
    return 6 * parameters + 6 * layers * width * LENGTH


def measure(name, layers, width, heads, batch, compiled, seconds):
    torch.manual_seed(1)
    model = Gpt(layers, width, heads).cuda()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, betas=(0.9, 0.95), weight_decay=0.1, fused=True)
    step_model = torch.compile(model) if compiled else model
    ids = torch.randint(0, VOCABULARY, (batch, LENGTH + 1), device="cuda")

    def step():
        with torch.autocast("cuda", dtype=torch.bfloat16):
            loss = step_model(ids[:, :-1], ids[:, 1:].contiguous())
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        return loss

    for _ in range(5):
        step()
    torch.cuda.synchronize()
    times, begun = [], time.time()
    while len(times) < 5 or time.time() - begun < seconds:
        start = time.perf_counter()
        loss = step()
        torch.cuda.synchronize()
        times.append(time.perf_counter() - start)
    assert math.isfinite(loss.item())
    rate = batch * LENGTH / statistics.median(times)
    share = rate * flops_of_token(model, layers, width) / PEAK
    peak = torch.cuda.max_memory_allocated() / 2**30
    print(f"| torch {torch.__version__} {'compiled' if compiled else 'eager'}, {name}, {batch} x {LENGTH} "
          f"| {rate:,.0f} | {100 * share:.1f} % | {peak:.1f} |", flush=True)


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seconds", type=float, default=8, help="of each measurement")
    options = arguments.parse_args()
    torch.backends.cuda.matmul.allow_tf32 = True
    for name, layers, width, heads, batch in (("124M", 12, 768, 12, 32), ("1.5B", 48, 1600, 25, 8)):
        for compiled in (False, True):
            measure(name, layers, width, heads, batch, compiled, options.seconds)
            torch._dynamo.reset()
            torch.cuda.empty_cache()
            torch.cuda.reset_peak_memory_stats()


if __name__ == "__main__":
    main()
