#!/usr/bin/env python3
"""How often gpt-clean is misled by a passage in another language: two passages of one language, 220 to 320
characters each, with 130 to 200 characters of another between them, made of sentences of treebanks.

usage: language_mixed.py SENTENCES.jsonl [--bin FOLDER]

SENTENCES.jsonl: {"text": ..., "lang": ...} a line. Prints a row a pair of languages: documents told as another
than the first language, and told so with a confidence above .95."""
import argparse
import collections
import json
import os
import random
import subprocess
import tempfile

PAIRS = ["en sv", "en fi", "en da", "en nn", "en de", "sv en", "da en", "nb en", "nn en", "fi en", "de sv"]
EACH = 200


def passage(sentences, least, most, rng):
    while True:
        text = ""
        for sentence in sentences[rng.randrange(len(sentences)):]:
            text = (text + " " + sentence).strip()
            if len(text) > most:
                break
            if len(text) >= least:
                return text


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sentences")
    parser.add_argument("--bin", default="build/release/bin")
    arguments = parser.parse_args()
    rng = random.Random(3)
    by_language = collections.defaultdict(list)
    with open(arguments.sentences, encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            by_language[record["lang"]].append(record["text"])
    with tempfile.TemporaryDirectory() as folder:
        documents = os.path.join(folder, "mixed.jsonl")
        with open(documents, "w", encoding="utf-8") as out:
            for pair in PAIRS:
                most, some = pair.split()
                for _ in range(EACH):
                    parts = [passage(by_language[most], 220, 320, rng), passage(by_language[some], 130, 200, rng),
                             passage(by_language[most], 220, 320, rng)]
                    out.write(json.dumps({"pair": pair, "text": "\n".join(parts)}) + "\n")
        told = subprocess.run([os.path.join(arguments.bin, "gpt-clean"), documents, "--preset", "repair", "-q",
                               "--language-field", "told"], check=True, capture_output=True, text=True).stdout
    wrong, surely = collections.Counter(), collections.Counter()
    for line in told.splitlines():
        record = json.loads(line)
        if record["told"] != record["pair"].split()[0]:
            wrong[record["pair"]] += 1
            surely[record["pair"]] += record["told_confidence"] > 0.95
    print("| most, some | documents | told as another | surely |\n|---|---|---|---|")
    for pair in PAIRS:
        print(f"| {pair} | {EACH} | {wrong[pair]} | {surely[pair]} |")


if __name__ == "__main__":
    main()
