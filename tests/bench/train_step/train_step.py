"""gpt-train's step beside torch's: tokens a second, in turn, medians of the rounds.

    python3 -m venv /tmp/peers-torch && /tmp/peers-torch/bin/pip install torch transformers
    cmake --build --preset release --target bench_train_step
    HF_HUB_OFFLINE=1 /tmp/peers-torch/bin/python tests/bench/train_step/train_step.py \
        build/release/bin/bench_train_step [--micro-batch 4 --length 64 --rounds 7 --threads 2] [--compile]

Both hold a GPT-2 of the same size in fp32 (124M by default) and make whole steps: forward, backward, clipping by the
norm, AdamW. They take turns, a step each, so that whatever else the machine does meets both. Wall-clock ratios are the
result on a quiet machine; processor time stands beside them, which a busy one changes less. Prints a markdown table.
"""
import argparse
import resource
import statistics
import subprocess
import time


class OurStep:
    def __init__(self, program, a):
        sizes = [a.layers, a.hidden, a.heads, a.vocabulary, a.micro_batch, a.length, a.threads]
        self.process = subprocess.Popen(
            [program, *map(str, sizes)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def step(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        wall, cpu, _ = map(float, self.process.stdout.readline().split())
        return wall, cpu


class TorchStep:
    def __init__(self, a):
        import torch
        from transformers import GPT2Config, GPT2LMHeadModel
        self.torch = torch
        torch.set_num_threads(a.threads)
        torch.manual_seed(1)
        config = GPT2Config(
            vocab_size=a.vocabulary, n_positions=a.length, n_embd=a.hidden, n_layer=a.layers, n_head=a.heads,
            attn_pdrop=0.0, resid_pdrop=0.0, embd_pdrop=0.0, use_cache=False)
        config._attn_implementation = "sdpa"
        self.model = GPT2LMHeadModel(config)
        self.model.train()
        self.run = torch.compile(self.model) if a.compile else self.model
        self.optimizer = torch.optim.AdamW(self.model.parameters(), lr=1e-4, fused=True)
        self.shape = (a.micro_batch, a.length)
        self.vocabulary = a.vocabulary

    def step(self):
        torch = self.torch
        before = resource.getrusage(resource.RUSAGE_SELF)
        start = time.perf_counter()
        tokens = torch.randint(0, self.vocabulary, self.shape)
        targets = torch.randint(0, self.vocabulary, self.shape)
        logits = self.run(input_ids=tokens).logits
        loss = torch.nn.functional.cross_entropy(logits.view(-1, self.vocabulary), targets.view(-1))
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        wall = time.perf_counter() - start
        after = resource.getrusage(resource.RUSAGE_SELF)
        return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    for name, value in [("layers", 12), ("hidden", 768), ("heads", 12), ("vocabulary", 50257), ("micro-batch", 4),
                        ("length", 64), ("threads", 2), ("rounds", 7)]:
        parser.add_argument("--" + name, type=int, default=value)
    parser.add_argument("--compile", action="store_true", help="the peer runs through torch.compile")
    return parser.parse_args()


def main():
    a = arguments()
    ours, peer = OurStep(a.program, a), TorchStep(a)
    tokens = a.micro_batch * a.length
    rounds = []
    for round_number in range(a.rounds + 2):
        pair = ours.step(), peer.step()
        if round_number >= 2:  # two to warm up
            rounds.append(pair)

    def rate(side, clock):
        return statistics.median(tokens / pair[side][clock] for pair in rounds)

    def ratio(clock):
        return statistics.median(pair[1][clock] / pair[0][clock] for pair in rounds)

    name = "torch.compile" if a.compile else "torch"
    print(f"| micro batch {a.micro_batch} x {a.length}, {a.threads} threads | gpt-train | {name} | ratio |")
    print("|---|---|---|---|")
    print(f"| tokens a second | {rate(0, 0):.0f} | {rate(1, 0):.0f} | {ratio(0):.2f} |")
    print(f"| tokens a processor second | {rate(0, 1):.0f} | {rate(1, 1):.0f} | {ratio(1):.2f} |")


main()
