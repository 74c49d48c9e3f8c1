#!/usr/bin/env python3
"""datatrove's filters on documents, in rows of the table of clean.sh.

  clean_peers.py DOCUMENTS.jsonl [MEGABYTES]    the first MEGABYTES (default 4), halved between two processes

Each row runs a chain of filters as a pipeline would: what one drops the next does not see. Reading JSON and loading
the word tokenizer are not in the time. Gopher and FineWeb have a second row, with words split at white space in place of
spaCy; C4 uses it for sentences.
"""

import json
import multiprocessing
import sys
import time

import datatrove.pipeline.filters.c4_filters as c4
import datatrove.pipeline.filters.fineweb_quality_filter as fineweb
import datatrove.pipeline.filters.gopher_quality_filter as gopher
import datatrove.pipeline.filters.gopher_repetition_filter as repetition
from datatrove.data import Document

CHAINS = {
    "Gopher": lambda: [gopher.GopherQualityFilter(), repetition.GopherRepetitionFilter()],
    "C4": lambda: [c4.C4QualityFilter()],
    "FineWeb": lambda: [
        repetition.GopherRepetitionFilter(),
        gopher.GopherQualityFilter(),
        c4.C4QualityFilter(filter_no_terminal_punct=False),
        fineweb.FineWebQualityFilter(),
    ],
}


def split_at_white_space():
    for module in (gopher, repetition, fineweb):
        module.split_into_words = lambda text, language: text.split()


def run(name, words, texts, start, seconds):
    if words == "white space":
        split_at_white_space()
    chain = CHAINS[name]()
    for warm in chain:
        warm.filter(Document(text="A few words. To load the tokenizer.", id=""))
    start.wait()
    begin = time.perf_counter()
    for text in texts:
        document = Document(text=text, id="")
        for step in chain:
            verdict = step.filter(document)
            if isinstance(verdict, tuple) and not verdict[0]:
                break
    seconds.put(time.perf_counter() - begin)


def main():
    most = float(sys.argv[2] if len(sys.argv) > 2 else 4) * 1e6
    texts, size = [], 0
    with open(sys.argv[1]) as lines:
        for line in lines:
            texts.append(json.loads(line)["text"])
            size += len(line.encode())
            if size >= most:
                break
    for name in CHAINS:
        for words in ("spaCy",) if name == "C4" else ("spaCy", "white space"):
            start, seconds = multiprocessing.Barrier(2), multiprocessing.Queue()
            workers = [
                multiprocessing.Process(target=run, args=(name, words, texts[half::2], start, seconds)) for half in (0, 1)
            ]
            for worker in workers:
                worker.start()
            taken = [seconds.get() for _ in workers]
            for worker in workers:
                worker.join()
            print(
                f"| datatrove, {name}, words by {words} | {size / 1e6:.0f} MB | {size / 1e6 / max(taken):.2f} "
                f"| {size / 1e6 / sum(taken):.2f} | |",
                flush=True,
            )


main()
