"""Peak memory of gpt-train beside what gpt-estimate predicts: fails where they are more than 5 % apart.

    python3 tests/bench/memory_prediction.py BIN VOCAB [--threads 2]

BIN: the folder of the programs (build/release/bin). VOCAB: a folder with vocab.json and merges.txt of GPT-2. Needs
2.5 GB of memory. Each shape makes two steps and an evaluation; the peak is the process's largest resident set, as the
kernel tells it. Prints a markdown table.
"""
import argparse
import json
import os
import random
import resource
import struct
import subprocess
import sys
import tempfile

VOCABULARY = 50257
LIMIT = 0.05

# layers, width, heads, sequence, micro batch, further arguments
SHAPES = [
    (12, 768, 12, 64, 4, []),
    (12, 768, 12, 1024, 1, []),
    (8, 512, 8, 256, 4, []),
    (4, 256, 4, 128, 16, []),
    (24, 256, 8, 256, 4, []),
    (2, 1024, 16, 256, 2, []),
    (8, 512, 8, 256, 4, ["--recompute-granularity", "selective"]),
    (8, 512, 8, 256, 4, ["--recompute-granularity", "full", "--recompute-method", "uniform",
                         "--recompute-num-layers", "2"]),
    (24, 256, 8, 256, 4, ["--recompute-granularity", "full", "--recompute-method", "block",
                          "--recompute-num-layers", "12"]),
]


def write_dataset(prefix):
    """Documents of random tokens, in Megatron's indexed format with 16-bit tokens."""
    documents, length = 20, 10000
    random.seed(1)
    with open(prefix + ".bin", "wb") as file:
        tokens = [random.randrange(VOCABULARY) for _ in range(documents * length)]
        file.write(struct.pack("<%dH" % len(tokens), *tokens))
    with open(prefix + ".idx", "wb") as file:
        file.write(b"MMIDIDX\x00\x00" + struct.pack("<QBQQ", 1, 8, documents, documents + 1))
        file.write(struct.pack("<%di" % documents, *[length] * documents))
        file.write(struct.pack("<%dq" % documents, *[2 * length * i for i in range(documents)]))
        file.write(struct.pack("<%dq" % (documents + 1), *range(documents + 1)))


def shape_arguments(shape):
    layers, width, heads, sequence, micro_batch, more = shape
    return ["--num-layers", layers, "--hidden-size", width, "--num-attention-heads", heads, "--seq-length", sequence,
            "--max-position-embeddings", sequence, "--micro-batch-size", micro_batch] + more


def predicted(a, shape):
    command = [a.bin + "/gpt-estimate", "model", "--device", "cpu", "--vocab-size", VOCABULARY, "--format", "json"]
    text = subprocess.run(list(map(str, command + shape_arguments(shape))), check=True, capture_output=True).stdout
    return json.loads(text)["gpt_train_memory"][0]["total_bytes"]


def measured(a, shape, folder):
    command = [a.bin + "/gpt-train", "--data-path", folder + "/data", "--data-cache-path", folder + "/cache",
               "--split", "90,10,0", "--vocab-file", a.vocab + "/vocab.json", "--merge-file", a.vocab + "/merges.txt",
               "--train-iters", 2, "--eval-iters", 1, "--lr", 1e-4, "--lr-decay-style", "constant",
               "--threads", a.threads] + shape_arguments(shape)
    process = subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit("gpt-train failed:\n" + output)
    return usage.ru_maxrss * 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bin")
    parser.add_argument("vocab")
    parser.add_argument("--threads", type=int, default=2)
    a = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    worst = 0
    print("| layers | width | heads | tokens a micro batch | recomputation | predicted MB | peak MB | apart |")
    print("|---:|---:|---:|---:|---|---:|---:|---:|")
    with tempfile.TemporaryDirectory() as folder:
        write_dataset(folder + "/data")
        for shape in SHAPES:
            layers, width, heads, sequence, micro_batch, more = shape
            want, seen = predicted(a, shape), measured(a, shape, folder)
            apart = want / seen - 1
            worst = max(worst, abs(apart))
            print(f"| {layers} | {width} | {heads} | {micro_batch} × {sequence} | {' '.join(more[1::2]) or 'none'} | "
                  f"{want / 1e6:.0f} | {seen / 1e6:.0f} | {100 * apart:+.1f} % |", flush=True)
    if worst > LIMIT:
        sys.exit(f"the prediction is {100 * worst:.1f} % off: at most {100 * LIMIT:.0f} % is allowed")


main()
