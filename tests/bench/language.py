#!/usr/bin/env python3
"""The languages of single sentences, told by gpt-toolkit, CLD2 and lingua on the same sentences.

usage: language.py SENTENCES.jsonl [--bin FOLDER] [--threads N] [--every N]

A line of SENTENCES.jsonl is an object with "lang" and "text". Run it with a Python that has pycld2 and
lingua-language-detector; a peer that is missing is named and left out. FOLDER is the build's bin, with bench_language
in it (cmake --build --preset release --target bench_language). lingua, the slowest, gets every Nth sentence and the
languages of the set to choose from; CLD2's Norwegian counts as Bokmål. Printed are the accuracy for each language, the
mean of these (macro), sentences a second; of ours also what it took each language for, how often it is right at each
confidence, and in sentences of each length.
"""
import argparse
import collections
import json
import pathlib
import subprocess
import time


def ours(path, options):
    """What was taken for what, sentences a second, and the rows about confidences and lengths."""
    command = [str(options.bin / "bench_language"), path, str(options.threads)]
    counts = collections.Counter()
    rows = {"confidence": [], "words": []}
    for line in subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines():
        fields = line.split("\t")
        if fields[0] == "sentences_per_second":
            return counts, float(fields[1]), rows
        if fields[0] in rows:
            rows[fields[0]].append(fields[1:])
        else:
            counts[fields[0], fields[1]] += int(fields[2])


def cld2(sentences):
    import pycld2
    begin = time.perf_counter()
    counts = collections.Counter()
    for language, text in sentences:
        found = pycld2.detect(text, bestEffort=True)[2][0][1]
        counts[language, "nb" if found == "no" else found] += 1
    return counts, len(sentences) / (time.perf_counter() - begin)


def lingua(sentences):
    from lingua import IsoCode639_1, Language, LanguageDetectorBuilder
    codes = sorted({language for language, _ in sentences})
    languages = [Language.from_iso_code_639_1(getattr(IsoCode639_1, code.upper())) for code in codes]
    detector = LanguageDetectorBuilder.from_languages(*languages).with_preloaded_language_models().build()
    begin = time.perf_counter()
    counts = collections.Counter()
    for language, text in sentences:
        found = detector.detect_language_of(text)
        counts[language, found.iso_code_639_1.name.lower() if found else "und"] += 1
    return counts, len(sentences) / (time.perf_counter() - begin)


def accuracies(counts):
    of_all = collections.Counter()
    for (gold, _), count in counts.items():
        of_all[gold] += count
    return {gold: counts[gold, gold] / count for gold, count in sorted(of_all.items())}


def print_confusion(counts):
    golds = sorted({gold for gold, _ in counts})
    print("\n| is | taken for |\n|---|---|")
    for gold in golds:
        found = sorted(((count, code) for (g, code), count in counts.items() if g == gold), reverse=True)
        print(f"| {gold} | " + ", ".join(f"{code} {count}" for count, code in found[:8]) + " |")


def print_reliability(rows):
    print("\n| confidence from | sentences | mean | right |\n|---|---|---|---|")
    for least, count, right, mean in rows["confidence"]:
        if int(count) > 0:
            print(f"| {least} | {count} | {float(mean):.3f} | {int(right) / int(count):.3f} |")
    print("\n| words, at most | sentences | right |\n|---|---|---|")
    for most, count, right in rows["words"]:
        if int(count) > 0:
            print(f"| {most} | {count} | {int(right) / int(count):.3f} |")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("sentences")
    parser.add_argument("--bin", type=pathlib.Path, default=pathlib.Path("build/release/bin"))
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--every", type=int, default=4)
    options = parser.parse_args()
    with open(options.sentences) as lines:
        sentences = [(record["lang"], record["text"]) for record in map(json.loads, lines)]
    *of_ours, rows = ours(options.sentences, options)
    results = {f"gpt-toolkit, {options.threads} threads": of_ours}
    for name, identify in (("CLD2", lambda: cld2(sentences)),
                           (f"lingua, 1 sentence in {options.every}", lambda: lingua(sentences[::options.every]))):
        try:
            results[name] = identify()
        except ImportError as error:
            print(f"SKIPPED: {name}: {error}")
    languages = sorted({language for language, _ in sentences})
    print("| | " + " | ".join(languages) + " | macro | sentences/s |\n|" + "---|" * (len(languages) + 3))
    for name, (counts, speed) in results.items():
        accuracy = accuracies(counts)
        row = [f"{accuracy[language]:.3f}" for language in languages]
        print(f"| {name} | " + " | ".join(row) + f" | {sum(accuracy.values()) / len(accuracy):.4f} | {speed:,.0f} |")
    print_confusion(of_ours[0])
    print_reliability(rows)


if __name__ == "__main__":
    main()
