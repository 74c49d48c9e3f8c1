#!/usr/bin/env python3
"""gpt-preprocess on one core and on two beside gigatoken and tiktoken, on the same documents.

usage: encode_peers.py prepare CORPUS GPT2_FOLDER SCRATCH   tokenizer.json files and a WordPiece vocabulary for the runs
       encode_peers.py run CORPUS GPT2_FOLDER SCRATCH       best of three of each, in turn

CORPUS holds corpus.txt and corpus.jsonl (tests/bench/make_corpus.py makes one), GPT2_FOLDER vocab.json and merges.txt.
gpt-preprocess (from PATH) is a whole process, from the file to .bin and .idx. Of gigatoken only calls are timed, the ids left in
memory: encode_files on the same file, and encode_batch on texts in memory, each first call of a new tokenizer apart from the best of
the calls behind it, which find all words of these texts in its cache. Needs tokenizers, tiktoken, gigatoken and numpy.
"""
import json
import os
import pathlib
import subprocess
import sys
import time

os.environ["HF_HUB_OFFLINE"] = "1"
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "interop"))


def prepare(corpus, gpt2, scratch):
    import tokenizer_peers as peers
    from tokenizers import Tokenizer, models, pre_tokenizers
    scratch.mkdir(parents=True, exist_ok=True)
    tokenizer = Tokenizer(models.BPE.from_file(str(gpt2 / "vocab.json"), str(gpt2 / "merges.txt")))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.save(str(scratch / "gpt2.json"))
    lines = (corpus / "corpus.txt").read_text(encoding="utf-8").splitlines(keepends=True)[:40000]
    for name in ("cl100k", "o200k"):
        peers.write_json(peers.trained(name, lines, 32000)[1], scratch / (name + ".json"))
    for name, lower in (("BertWordPieceLowerCase", True), ("BertWordPieceCase", False)):
        words = peers.train_wordpiece(lines, 32000, lower)
        (scratch / (name + ".txt")).write_text("".join(word + "\n" for word in words), encoding="utf-8")


def timed(action):
    begin = time.perf_counter()
    action()
    return time.perf_counter() - begin


def best(action):
    return min(timed(action) for _ in range(3))


def run(corpus, gpt2, scratch):
    jsonl = corpus / "corpus.jsonl"
    megabytes = jsonl.stat().st_size / 1e6
    gpt2_arguments = ["--vocab-file", gpt2 / "vocab.json", "--merge-file", gpt2 / "merges.txt"]
    cases = {"GPT-2": gpt2_arguments,
             "GPT-2, sentences": [*gpt2_arguments, "--split-sentences"]}
    for name in ("gpt2", "cl100k", "o200k"):
        cases["HFTokenizer " + name] = ["--tokenizer-type", "HFTokenizer", "--vocab-file", scratch / (name + ".json")]
    for name in ("BertWordPieceLowerCase", "BertWordPieceCase"):
        cases[name] = ["--tokenizer-type", name, "--vocab-file", scratch / (name + ".txt")]
    for name, arguments in cases.items():
        for threads in (1, 2):
            command = ["gpt-preprocess", "--input", jsonl, "--output-prefix", scratch / "data", "--workers", str(threads),
                       "-q", "--force", *arguments]
            seconds = best(lambda: subprocess.run(command, check=True))
            print(f"| gpt-preprocess {name}, {threads} threads | {megabytes / seconds:.0f} MB/s |", flush=True)
    with open(jsonl, encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    import gigatoken
    for name in ("gpt2", "cl100k", "o200k"):
        for parallel in (False, True):
            calls = {"jsonl": lambda t: t.encode_files(gigatoken.JsonlFileSource([str(jsonl)]), parallel=parallel),
                     "texts": lambda t: t.encode_batch(texts, parallel=parallel)}
            for what, call in calls.items():
                seconds = []
                for _ in range(3):
                    tokenizer = gigatoken.Tokenizer(str(scratch / (name + ".json")))
                    seconds.append([timed(lambda: call(tokenizer)) for _ in range(3)])
                first, later = min(each[0] for each in seconds), min(min(each[1:]) for each in seconds)
                print(f"| gigatoken {name}, {what}, {'2 threads' if parallel else '1 thread'} | first call {megabytes / first:.0f}, "
                      f"later {megabytes / later:.0f} MB/s |", flush=True)


def main():
    if len(sys.argv) != 5 or sys.argv[1] not in ("prepare", "run"):
        sys.exit(__doc__)
    {"prepare": prepare, "run": run}[sys.argv[1]](*map(pathlib.Path, sys.argv[2:]))


if __name__ == "__main__":
    main()
