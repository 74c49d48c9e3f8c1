#!/usr/bin/env python3
"""The speed of the programs themselves on one GPU: training by gpt-train, decoding by gpt-generate.

    python3 tests/bench/gpu/programs.py FOLDER_OF_PROGRAMS [--tiny] [--device cuda|cpu]

Prints Markdown tables. Tokens and weights are random; the vocabulary has GPT-2's size. --tiny runs everything on next to
nothing, to see that it runs. Uses the standard library alone.
"""
import argparse
import array
import json
import math
import pathlib
import random
import statistics
import struct
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from byte_vocabulary import byte_vocabulary  # noqa: E402

PEAK = 989e12  # dense bf16, H100 and H200, by the vendor's datasheet
BANDWIDTH = {"H200": 4.8e12, "H100": 3.35e12, "A100": 2.0e12}  # bytes a second, likewise
VOCABULARY = 50257
MODELS = {"124M": (12, 768, 12, 32), "1.5B": (48, 1600, 25, 8)}  # layers, width, heads, micro batch
TINY = {"tiny": (2, 64, 2, 2)}


def write_tokens(prefix, length, samples):
    """A dataset of one document, as gpt-preprocess writes it (docs/formats/indexed-dataset.md)."""
    random.seed(1)
    tokens = array.array("H", random.choices(range(VOCABULARY - 1), k=length * samples + 1))
    with open(f"{prefix}.bin", "wb") as out:
        tokens.tofile(out)
    with open(f"{prefix}.idx", "wb") as out:
        out.write(b"MMIDIDX\0\0" + struct.pack("<QBQQiqqq", 1, 8, 1, 2, len(tokens), 0, 0, 1))


def parameters_of(layers, width):
    """All that multiply something: without the position table."""
    return 12 * layers * width * width + 13 * layers * width + 2 * width + VOCABULARY * width


def run(command, log):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    log.write_text(done.stdout, encoding="utf-8")
    if done.returncode != 0:
        sys.exit(f"{command[0]} ended with {done.returncode}:\n{done.stdout[-3000:]}")
    return done.stdout


class Bench:
    def __init__(self, options, folder):
        self.options = options
        self.folder = folder
        self.length = 16 if options.tiny else 1024
        self.steps = 4 if options.tiny else 25
        self.precision = [] if options.device == "cpu" else ["--bf16"]
        byte_vocabulary(str(folder))
        write_tokens(folder / "random", self.length, 64 if options.tiny else 1000)

    def train(self, layers, width, heads, micro_batch, arguments):
        metrics = self.folder / "metrics.jsonl"
        metrics.unlink(missing_ok=True)
        run([f"{self.options.programs}/gpt-train", "--device", self.options.device, *self.precision,
             "--data-path", str(self.folder / "random"), "--split", "100,0,0",
             "--vocab-file", str(self.folder / "vocab.json"), "--merge-file", str(self.folder / "merges.txt"),
             "--num-layers", str(layers), "--hidden-size", str(width), "--num-attention-heads", str(heads),
             "--seq-length", str(self.length), "--max-position-embeddings", str(self.length),
             "--micro-batch-size", str(micro_batch), "--global-batch-size", str(micro_batch),
             "--lr", "1e-4", "--eval-iters", "0", "--attention-dropout", "0", "--hidden-dropout", "0",
             "--peak-tflops", "989", "--metrics", str(metrics), "--progress", "off", *arguments],
            self.folder / "train.log")
        return [json.loads(line) for line in metrics.read_text(encoding="utf-8").splitlines()]

    def training_row(self, name, model, what, arguments):
        layers, width, heads, micro_batch = model
        report = self.folder / "report.json"
        steps = self.train(layers, width, heads, micro_batch,
                           ["--train-iters", str(self.steps), "--report", str(report), "--force", *arguments])
        assert all(math.isfinite(step["loss"]) for step in steps)
        rate = statistics.median(step["tokens_per_second"] for step in steps[len(steps) // 4:])
        flops = 6 * parameters_of(layers, width) + 6 * layers * width * self.length
        result = json.loads(report.read_text(encoding="utf-8"))
        peak = result.get("peak_device_bytes")
        memory = "" if peak is None else f"{peak / 2**30:.1f}"
        print(f"| gpt-train, {name}, {micro_batch} x {self.length}{what} | {rate:,.0f} | "
              f"{100 * rate * flops / PEAK:.1f} % | {memory} |", flush=True)

    def decode(self, model, new_tokens, batch):
        report = self.folder / "generated.json"
        run([f"{self.options.programs}/gpt-generate", "--device", self.options.device, *self.precision,
             "--load", str(model), "--prompt", " ".join("abcdefgh"), "--greedy", "--num-samples", str(batch),
             "--batch-size", str(batch), "--max-new-tokens", str(new_tokens), "--output-format", "jsonl",
             "--report", str(report), "--force", "-q"], self.folder / "generate.log")
        result = json.loads(report.read_text(encoding="utf-8"))
        return result["seconds"], result["new_tokens"]

    def decoding_rows(self, name, model, bandwidth):
        layers, width, heads, _ = model
        saved = self.folder / f"model-{name}"
        self.train(layers, width, heads, 1, ["--train-iters", "1", "--save", str(saved), "--no-save-optim"])
        most = 12 if self.options.tiny else 512
        for batch in (1, 8):
            rates = []
            for _ in range(3):
                first, few = self.decode(saved, most // 8, batch)
                last, many = self.decode(saved, most, batch)
                rates.append((many - few) / (last - first))
            rate = statistics.median(rates)
            read = 2 * parameters_of(layers, width)  # bytes of weights for each step; keys and values are left out
            share = "" if bandwidth is None else f"{100 * rate / batch * read / bandwidth:.0f} %"
            print(f"| gpt-generate, {name}, batch {batch} | {rate:,.0f} | {share} |", flush=True)


def bandwidth_here():
    try:
        name = subprocess.run(["nvidia-smi", "--query-gpu=name", "--format=csv,noheader"], capture_output=True, text=True,
                              check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    return next((rate for kind, rate in BANDWIDTH.items() if kind in name), None)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("programs")
    parser.add_argument("--tiny", action="store_true")
    parser.add_argument("--device", default="cuda")
    options = parser.parse_args()
    models = TINY if options.tiny else MODELS
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(options, pathlib.Path(folder))
        print("\n| training, bf16, one GPU | tokens a second | of 989 TFLOP/s | peak GiB |\n|---|---:|---:|---:|")
        for name, model in models.items():
            bench.training_row(name, model, "", [])
        name, model = next(iter(models.items()))
        bench.training_row(name, model, ", recomputed", ["--recompute-granularity", "full", "--recompute-method", "uniform"])
        print("\n| decoding, bf16, one GPU | tokens a second | of the bandwidth limit |\n|---|---:|---:|")
        for name, model in models.items():
            bench.decoding_rows(name, model, bandwidth_here())


if __name__ == "__main__":
    main()
