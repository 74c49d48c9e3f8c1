"""gpt-train's step beside torch's and llm.c's, and beside the machine's limits: in turn, medians of the rounds.

    python3 -m venv /tmp/peers-torch && /tmp/peers-torch/bin/pip install torch transformers
    cmake --build --preset release --target bench_train_step
    HF_HUB_OFFLINE=1 /tmp/peers-torch/bin/python tests/bench/train_step/train_step.py \\
        build/release/bin/bench_train_step [--micro-batch 4 --length 64 --rounds 7 --threads 2] [--compile] \\
        [--llmc PROGRAM]   (built from llmc_step.c)

All hold a GPT-2 of the same size in fp32 (124M by default) and make whole steps: forward, backward, clipping by the
norm (not llm.c), AdamW. They take turns, a step each, so that whatever else the machine does meets all of them. Ratios
are medians of the ratios within a round. Processor time stands beside wall-clock time, which a busy machine changes
more. The limits: the step's matrix products by dnnl_sgemm alone, and a plain loop of the optimizer's reads and writes.
"""
import argparse
import resource
import statistics
import subprocess
import time


class Program:
    """One that answers a line with "wall-seconds cpu-seconds value"."""

    def __init__(self, program, *arguments):
        self.process = subprocess.Popen(
            [program, *map(str, arguments)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, what):
        self.process.stdin.write(what + "\n")
        self.process.stdin.flush()
        return tuple(map(float, self.process.stdout.readline().split()))

    def step(self):
        return self.ask("step")[:2]


class TorchStep:
    def __init__(self, a, compiled):
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
        self.run = torch.compile(self.model) if compiled else self.model
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
    parser.add_argument("--compile", action="store_true", help="torch.compile as a peer too")
    parser.add_argument("--llmc", help="the program made of llmc_step.c (124M only)")
    parser.add_argument("--no-torch", action="store_true")
    return parser.parse_args()


def make_peers(a):
    peers = {}
    if not a.no_torch:
        peers["torch"] = TorchStep(a, False)
    if a.compile:
        peers["torch.compile"] = TorchStep(a, True)
    if a.llmc:
        peers["llm.c"] = Program(a.llmc, a.micro_batch, a.length, a.threads)
    return peers


def main():
    a = arguments()
    ours = Program(a.program, a.layers, a.hidden, a.heads, a.vocabulary, a.micro_batch, a.length, a.threads)
    peers = make_peers(a)
    tokens = a.micro_batch * a.length
    rounds = []
    for round_number in range(a.rounds + 2):
        row = {"gpt-train": ours.step(), **{name: peer.step() for name, peer in peers.items()}}
        row["limits"] = {what: ours.ask(what)[2] for what in ("products", "adamw", "stream")}
        if round_number >= 2:  # two to warm up
            rounds.append(row)

    print(f"| micro batch {a.micro_batch} x {a.length}, {a.threads} threads | tokens a second | a processor second | "
          "gpt-train is faster by | by processor time |")
    print("|---|---|---|---|---|")
    for name in ["gpt-train", *peers]:
        rates = [statistics.median(tokens / row[name][clock] for row in rounds) for clock in (0, 1)]
        ratios = [statistics.median(row[name][clock] / row["gpt-train"][clock] for row in rounds) for clock in (0, 1)]
        print(f"| {name} | {rates[0]:.1f} | {rates[1]:.1f} | {ratios[0]:.2f} | {ratios[1]:.2f} |")

    flops_per_token = 6 * (12 * a.layers * a.hidden**2 + a.vocabulary * a.hidden)
    share = statistics.median(
        flops_per_token * tokens / row["gpt-train"][0] / 1e9 / row["limits"]["products"] for row in rounds)
    update = statistics.median(row["limits"]["adamw"] / row["limits"]["stream"] for row in rounds)
    print(f"\nThe whole step's FLOP/s over those of dnnl_sgemm on its products: {share:.0%} "
          f"(median {statistics.median(row['limits']['products'] for row in rounds):.0f} GFLOP/s). "
          f"AdamW over a plain loop of 4 reads and 3 writes: {update:.0%} "
          f"({statistics.median(row['limits']['stream'] for row in rounds):.0f} GB/s).")


main()
