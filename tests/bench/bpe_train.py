#!/usr/bin/env python3
"""gpt-bpe-train beside gigatoken's and Hugging Face's trainers, whole processes run alternately on the same text.

usage: bpe_train.py CORPUS... [--bin FOLDER] [--rounds N] [--vocab-size N] [--threads N] [--peers gigatoken,huggingface]

A CORPUS is a text file, or a folder with corpus.txt (tests/bench/make_corpus.py makes one). Run it with a Python that has
the peers (pip install gigatoken tokenizers). Prints for each program the median of its seconds, the rate, its peak memory
and the median of the rounds' ratios to gpt-bpe-train, and of gpt-bpe-train how long counting alone takes. The files must
be Hugging Face's, byte for byte; of gigatoken's merges it says how many are ours.
"""
import argparse
import filecmp
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

TRAIN = {
    "gigatoken": """
import json, sys, gigatoken
vocabulary, merges = gigatoken.train_bpe(sys.argv[1], int(sys.argv[2]), ["<|endoftext|>"])
json.dump([[left.hex(), right.hex()] for left, right in merges], open(sys.argv[3] + "/merges.json", "w"))
""",
    "huggingface": """
import sys
from tokenizers import Tokenizer, models, pre_tokenizers, trainers
tokenizer = Tokenizer(models.BPE())
tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
tokenizer.train([sys.argv[1]], trainers.BpeTrainer(
    vocab_size=int(sys.argv[2]), special_tokens=["<|endoftext|>"], show_progress=False,
    initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
tokenizer.model.save(sys.argv[3])
"""}


class Program:
    """A command that is run once a round."""

    def __init__(self, name, command):
        self.name, self.command, self.seconds, self.memory = name, [str(part) for part in command], [], 0.0

    def run(self):
        begin = time.perf_counter()
        process = subprocess.Popen(self.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        self.seconds.append(time.perf_counter() - begin)
        if status != 0:
            sys.exit(f"{' '.join(self.command[:3])} ... failed")
        self.memory = max(self.memory, usage.ru_maxrss / 1024)


def byte_of_symbol():
    """GPT-2's symbols: printable characters stand for their own byte, the other bytes get code points from 256 on."""
    own = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in own]
    return {chr(b): b for b in own} | {chr(256 + i): b for i, b in enumerate(others)}


def merges_of_file(path):
    byte = byte_of_symbol()
    lines = path.read_text(encoding="utf-8").split("\n")[1:-1]
    return [tuple(bytes(byte[c] for c in part).hex() for part in line.split(" ")) for line in lines]


def check(scratch, peers):
    if "huggingface" in peers:
        for name in ("vocab.json", "merges.txt"):
            if not filecmp.cmp(scratch / "ours" / name, scratch / "huggingface" / name, shallow=False):
                sys.exit(f"{name} is not that of Hugging Face tokenizers")
        print("The files are those of Hugging Face tokenizers.")
    if "gigatoken" in peers:
        import json
        ours = merges_of_file(scratch / "ours" / "merges.txt")
        theirs = [tuple(merge) for merge in json.loads((scratch / "gigatoken" / "merges.json").read_text())]
        same = sum(a == b for a, b in zip(ours, theirs))
        print(f"gigatoken has the same merge at {same} of {len(ours)} places.")


def measure(text, arguments, scratch):
    def ours(name, size, *options):
        return Program(name, [arguments.bin / "gpt-bpe-train", text, "-o", scratch / "ours", "--vocab-size", size, "--threads",
                              arguments.threads, "-q", "--force", *options])

    peers = [name for name in arguments.peers.split(",") if name]
    programs = [ours("gpt-bpe-train, counting alone", 257), ours("gpt-bpe-train", arguments.vocab_size)]
    for name in peers:
        (scratch / name).mkdir(exist_ok=True)
        programs.append(Program(name, [sys.executable, "-c", TRAIN[name], text, arguments.vocab_size, scratch / name]))
    for _ in range(arguments.rounds):
        for program in programs:
            program.run()
    megabytes = text.stat().st_size / 1e6
    print(f"{text}, {megabytes:.1f} MB, vocabulary {arguments.vocab_size}, {arguments.threads} threads")
    print("| program | seconds | MB/s | peak memory | times ours |\n|---|---:|---:|---:|---:|")
    for program in programs:
        ratio = statistics.median(a / b for a, b in zip(program.seconds, programs[1].seconds))
        seconds = statistics.median(program.seconds)
        print(f"| {program.name} | {seconds:.2f} | {megabytes / seconds:.1f} | {program.memory:.0f} MiB | {ratio:.2f} |", flush=True)
    check(scratch, peers)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("corpora", nargs="+", type=pathlib.Path, metavar="CORPUS")
    parser.add_argument("--bin", type=pathlib.Path, default=pathlib.Path("build/release/bin"))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--vocab-size", type=int, default=32000)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--peers", default="gigatoken,huggingface")
    arguments = parser.parse_args()
    os.environ.update(TOKENIZERS_PARALLELISM="true", RAYON_NUM_THREADS=str(arguments.threads), HF_HUB_OFFLINE="1")
    for corpus in arguments.corpora:
        with tempfile.TemporaryDirectory() as scratch:
            measure(corpus / "corpus.txt" if corpus.is_dir() else corpus, arguments, pathlib.Path(scratch))


if __name__ == "__main__":
    main()
