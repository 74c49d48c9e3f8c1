#!/usr/bin/env python3
"""gpt-preprocess beside Hugging Face tokenizers, run alternately on the same text.

usage: tokens.py encode CORPUS --vocab FOLDER [--bin FOLDER] [--rounds N]

CORPUS holds corpus.txt and corpus.jsonl (tests/bench/make_corpus.py makes one). FOLDER holds
vocab.json and merges.txt. Run it with a Python that has tokenizers (pip install tokenizers). Prints the median seconds
of each program and the median of the rounds' ratios.

encode   gpt-preprocess as a whole process, from JSON Lines to .bin and .idx, against encode_batch alone: the texts are
         read and the vocabulary loaded before its clock starts; the ids must be equal
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

os.environ["TOKENIZERS_PARALLELISM"] = "true"
os.environ["HF_HUB_OFFLINE"] = "1"
from tokenizers import Tokenizer, models, pre_tokenizers  # noqa: E402

def seconds_of(action):
    begin = time.perf_counter()
    action()
    return time.perf_counter() - begin


def peak_memory(command):
    out = subprocess.run(["/usr/bin/env", "time", "-f", "%M", *command], capture_output=True, text=True)
    return int(out.stderr.split()[-1]) / 1024 if out.returncode == 0 else float("nan")


def compare(name, ours, peer, rounds, megabytes):
    ours_seconds, peer_seconds = [], []
    for _ in range(rounds):
        ours_seconds.append(seconds_of(ours))
        peer_seconds.append(seconds_of(peer))
    ratio = statistics.median(p / o for o, p in zip(ours_seconds, peer_seconds))
    a, b = statistics.median(ours_seconds), statistics.median(peer_seconds)
    print(f"| {name} | {a:.2f} s ({megabytes / a:.1f} MB/s) | {b:.2f} s ({megabytes / b:.1f} MB/s) | {ratio:.1f} |")


def encode(arguments, scratch):
    jsonl = arguments.corpus / "corpus.jsonl"
    with open(jsonl, encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    tokenizer = Tokenizer(models.BPE.from_file(str(arguments.vocab / "vocab.json"), str(arguments.vocab / "merges.txt")))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    command = [arguments.bin / "gpt-preprocess", "--input", jsonl, "--output-prefix", scratch / "data", "--vocab-file",
               arguments.vocab / "vocab.json", "--merge-file", arguments.vocab / "merges.txt", "-q", "--force"]
    compare("encode", lambda: subprocess.run(command, check=True),
            lambda: tokenizer.encode_batch(texts, add_special_tokens=False), arguments.rounds,
            jsonl.stat().st_size / 1e6)
    width = 2 if tokenizer.get_vocab_size() < 65500 else 4
    with open(scratch / "data_text_document.bin", "rb") as written:
        for encoding in tokenizer.encode_batch(texts, add_special_tokens=False):
            ids = b"".join(i.to_bytes(width, "little") for i in encoding.ids)
            if written.read(len(ids)) != ids:
                sys.exit("the two gave different ids")
    print(f"peak memory: {peak_memory(command):.0f} MiB; the ids are equal")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["encode"])
    parser.add_argument("corpus", type=pathlib.Path)
    parser.add_argument("--bin", type=pathlib.Path, default=pathlib.Path("build/release/bin"))
    parser.add_argument("--vocab", type=pathlib.Path, required=True)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        encode(arguments, pathlib.Path(scratch))


if __name__ == "__main__":
    main()
