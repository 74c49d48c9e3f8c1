#!/usr/bin/env python3
"""How well gpt-crawl finds a page's main text, on an article extraction set.

usage: extract_quality.py GPT-CRAWL FOLDER [--pages] [--peers] [--floor F1]

FOLDER holds html/ID.html.gz and ground-truth.json, {ID: {"articleBody": text}}. The measure is the set's own:
shingles of four words (\\w+) are counted as a multiset, each page's counts are divided by their sum, precision and
recall are means over the pages and F1 is theirs. The mean of each page's own F1 stands beside it.
--pages prints a line a page, worst first; --peers measures trafilatura and readability as well
(pip install trafilatura readability-lxml); --floor makes a lower F1 an error (exit code 1).
"""
import argparse
import collections
import gzip
import json
import os
import re
import subprocess
import sys


def shingles(text, length=4):
    words = re.findall(r"\w+", text)
    length = max(1, min(length, len(words)))
    return collections.Counter(tuple(words[i:i + length]) for i in range(len(words) - length + 1))


def compare(wanted, got):
    wanted, got = shingles(wanted), shingles(got)
    shared = sum((wanted & got).values())
    return shared, sum(got.values()) - shared, sum(wanted.values()) - shared


def ratio(part, whole):
    return part / whole if whole else 0.0


def text_by_gpt_crawl(program):
    def text_of(path):
        run = subprocess.run([program, "--html", path, "-q"], capture_output=True, check=True)
        lines = run.stdout.decode("utf-8").splitlines()
        return json.loads(lines[0])["text"] if lines else ""
    return text_of


def html_of(path):
    with gzip.open(path) as file:
        return file.read().decode("utf-8", "replace")


def text_by_trafilatura(path):
    import trafilatura
    return trafilatura.extract(html_of(path), include_comments=False) or ""


def text_by_readability(path):
    import lxml.html
    import readability
    return lxml.html.fromstring(readability.Document(html_of(path)).summary()).text_content()


def measure(name, text_of, truth, folder, show_pages):
    precisions, recalls, rows = [], [], []
    for page in sorted(truth):
        got = text_of(os.path.join(folder, "html", page + ".html.gz"))
        shared, extra, missing = compare(truth[page]["articleBody"], got)
        if shared + extra:
            precisions.append(ratio(shared, shared + extra))
        if shared + missing:
            recalls.append(ratio(shared, shared + missing))
        rows.append((ratio(2 * shared, 2 * shared + extra + missing), shared, extra, missing, page,
                     truth[page].get("url", "")))
    precision = sum(precisions) / len(precisions)
    recall = sum(recalls) / len(recalls)
    f1 = 2 * precision * recall / (precision + recall)
    if show_pages:
        for row in sorted(rows):
            print("%.3f  shared %5d  extra %5d  missing %5d  %s %s" % row)
    print("%-12s pages %d  F1 %.4f  precision %.4f  recall %.4f  mean page F1 %.4f"
          % (name, len(rows), f1, precision, recall, sum(row[0] for row in rows) / len(rows)))
    return f1


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("folder")
    parser.add_argument("--pages", action="store_true")
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--floor", type=float, default=0.0)
    options = parser.parse_args()

    with open(os.path.join(options.folder, "ground-truth.json"), encoding="utf-8") as file:
        truth = json.load(file)
    f1 = measure("gpt-crawl", text_by_gpt_crawl(options.program), truth, options.folder, options.pages)
    if options.peers:
        measure("trafilatura", text_by_trafilatura, truth, options.folder, False)
        measure("readability", text_by_readability, truth, options.folder, False)
    if f1 < options.floor:
        sys.exit("F1 %.4f is below the floor of %.4f" % (f1, options.floor))


if __name__ == "__main__":
    main()
