#!/usr/bin/env python3
"""gpt-clean's filters beside datatrove's: the same verdict on every document, or a difference that is explained.

  clean_peers.py DOCUMENTS.jsonl...    environment: GPT_BIN, the folder of gpt-clean

Words are taken by both to be what stands between white space; sentences are left out. Both judge the text that
gpt-clean's repairs leave. Generated documents near the thresholds are judged as well.
"""

import json
import os
import random
import re
import subprocess
import sys
import tempfile
from collections import Counter

import datatrove.pipeline.filters.c4_filters as c4_filters
import datatrove.pipeline.filters.fineweb_quality_filter as fineweb
import datatrove.pipeline.filters.gopher_quality_filter as gopher
import datatrove.pipeline.filters.gopher_repetition_filter as repetition
from datatrove.data import Document

for module in (gopher, repetition, fineweb):
    module.split_into_words = lambda text, language: text.split()
c4_filters.split_into_sentences = lambda text, language: [text]

QUALITY = """word-count min=50 max=100000
mean-word-length min=3 max=10
symbol-words max=0.1
bullet-lines max=0.9
ellipsis-lines max=0.3
alphabetic-words min=0.8
stop-words min=2 words=the,be,to,of,and,that,have,with
"""
REPETITION = "".join(
    f"{name} max={limit}\n"
    for name, limit in [
        ("duplicate-paragraphs", 0.3),
        ("duplicate-paragraph-characters", 0.2),
        ("duplicate-lines", 0.3),
        ("duplicate-line-characters", 0.2),
        ("top-2-grams", 0.2),
        ("top-3-grams", 0.18),
        ("top-4-grams", 0.16),
        ("duplicate-5-grams", 0.15),
        ("duplicate-6-grams", 0.14),
        ("duplicate-7-grams", 0.13),
        ("duplicate-8-grams", 0.12),
        ("duplicate-9-grams", 0.11),
        ("duplicate-10-grams", 0.1),
    ]
)
C4 = """long-words max=1000
words-per-line min=3
citations
terminal-punctuation marks=.,?,!,\\",'
lorem-ipsum
javascript-lines
curly-brackets
policy-lines
"""
FINEWEB = """line-punctuation min=0.12
short-lines max=0.67 characters=30
duplicate-line-characters max=0.01 line-ends=no
line-breaks max=0.3
"""
FILTERS = {
    "gopher quality": (QUALITY, gopher.GopherQualityFilter()),
    "gopher repetition": (REPETITION, repetition.GopherRepetitionFilter()),
    "c4": (C4, c4_filters.C4QualityFilter(min_num_sentences=-1)),
    "fineweb": (FINEWEB, fineweb.FineWebQualityFilter()),
}


def gpt_clean(documents, recipe, folder):
    """What a recipe makes of the documents: by number, the text that is left, or the rule that dropped it."""
    paths = {name: os.path.join(folder, name) for name in ("in.jsonl", "out.jsonl", "gone.jsonl", "my.rules")}
    with open(paths["in.jsonl"], "w") as out:
        for number, text in documents.items():
            out.write(json.dumps({"number": number, "text": text}, ensure_ascii=False) + "\n")
    with open(paths["my.rules"], "w") as out:
        out.write(recipe)
    program = os.path.join(os.environ["GPT_BIN"], "gpt-clean")
    arguments = ["-o", paths["out.jsonl"], "--rejected", paths["gone.jsonl"], "--recipe", paths["my.rules"], "--force", "-q"]
    subprocess.run([program, paths["in.jsonl"], *arguments], check=True)
    with open(paths["out.jsonl"]) as lines:
        kept = {record["number"]: record["text"] for record in map(json.loads, lines)}
    with open(paths["gone.jsonl"]) as lines:
        dropped = {record["number"]: record["rejected"] for record in map(json.loads, lines)}
    return kept, dropped


def generated(count):
    """Documents of random words, lines and symbols, many of them near a threshold."""
    rng = random.Random(5)
    vocabulary = ["the", "be", "to", "of", "and", "that", "have", "with", "The", "of,"]
    vocabulary += ["w" + "".join(rng.choices("abcdefgå", k=rng.randint(1, 12))) for _ in range(400)]
    texts = []
    for _ in range(count):
        few = rng.choice([3, 20, 400])
        share = rng.choice([0, 0, 0.1, 0.2, 0.5])
        lines = []
        for _ in range(rng.randint(1, 12)):
            words = []
            for _ in range(rng.choice([1, 3, 6, 15, 40])):
                symbol = rng.random() < share / 4
                words.append(rng.choice(["#", "...", "12", "—", "*"]) if symbol else rng.choice(vocabulary[-few:] + vocabulary[:10]))
            line = rng.choice(["", "", "", "- ", "• "]) + " ".join(words) + rng.choice(["", ".", "?", '"', "...", "…"])
            lines.append(line + rng.choice([""] * 12 + [" JavaScript", " [12].", " {", " Privacy policy."]))
            if rng.random() < share:
                lines.append(rng.choice(lines))
            if rng.random() < 0.2:
                lines.append("")
        texts.append("\n".join(lines))
    return texts


def stop_words(text):
    strip = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
    return len({word.strip(strip).lower() for word in text.split()} & set(gopher.STOP_WORDS))


def share_of_lines(text, wanted):
    lines = [line for line in text.split("\n") if line]
    return sum(map(wanted, lines)) / len(lines)


def explained(text, ours, theirs):
    """Why the verdicts differ, where it is one of the differences that docs/filters.md tells of."""
    words = text.split()
    countable = [word for word in words if any(c.isalnum() for c in word)]
    if theirs == "gopher_enough_stop_words" and stop_words(text) >= 2:
        return "stop words beside punctuation or in capitals"
    if ours == "stop-words":
        return None
    if ours == "bullet-lines" and share_of_lines(text, lambda line: line.startswith(tuple("-•–*‣·"))) > 0.9:
        return "further bullets, blank lines left out"
    if ours == "ellipsis-lines" and share_of_lines(text, lambda line: line.endswith(("...", "…"))) > 0.3:
        return "blank lines left out"
    if ours == "word-count" and len(countable) < 50 or theirs == "gopher_short_doc" and len(countable) >= 50:
        return "words of symbols that are no punctuation"
    if "mean-word-length" == ours or theirs in ("gopher_below_avg_threshold", "gopher_above_avg_threshold"):
        mean = sum(map(len, countable)) / len(countable)
        if (mean < 3 or mean > 10) == (ours == "mean-word-length"):
            return "words of symbols that are no punctuation"
    top = re.fullmatch(r"top_(\d)_gram", theirs or "")
    if top and ours is None:
        n = int(top.group(1))
        if Counter(tuple(words[i : i + n]) for i in range(len(words) - n + 1)).most_common(1)[0][1] == 1:
            return "a run that does not repeat"
    return None


def compare(name, documents, folder):
    """Prints how often the verdicts agree; returns how many differences have no explanation."""
    recipe, peer = FILTERS[name]
    kept, dropped = gpt_clean(documents, recipe, folder)
    reasons = Counter()
    unexplained = []
    peers_drops = 0
    for number, text in documents.items():
        document = Document(text=text, id=str(number))
        verdict = peer.filter(document)
        theirs = verdict[1] if isinstance(verdict, tuple) else None
        ours = dropped.get(number)
        peers_drops += theirs is not None
        if ours is None and theirs is None:
            lines = "\n".join(line for line in kept[number].split("\n") if line) if name == "c4" and number in kept else None
            if lines is not None and lines != document.text:
                unexplained.append((number, "the lines kept differ", lines[:80], document.text[:80]))
            continue
        if (ours is None) == (theirs is None):
            continue
        if ours == "empty" and name == "c4" and not document.text:
            continue
        why = explained(text, ours, theirs)
        reasons[why] += 1
        if why is None:
            unexplained.append((number, ours, theirs, text[:200]))
    print(f"{name}: {len(documents)} documents, datatrove drops {peers_drops}, gpt-clean {len(dropped)}; differ by:")
    for why, count in sorted(reasons.items(), key=str):
        print(f"    {count:6} {why or 'NO EXPLANATION'}")
    for difference in unexplained[:5]:
        print("   ", difference)
    return len(unexplained)


def compare_general_cleaning(documents, folder):
    """The rule general-cleaning beside the expression that it stands for; returns how many texts differ."""
    kept, _ = gpt_clean(documents, "general-cleaning\n", folder)
    differing = [n for n, text in documents.items() if kept.get(n, "") != re.sub(r"  +|\b\n+ |\b\n+", " ", text)]
    print(f"general-cleaning: {len(documents)} documents, {len(differing)} differ")
    for number in differing[:3]:
        print("   ", repr(documents[number][:200]), repr(kept.get(number, "")[:200]))
    return len(differing)


def main():
    texts = generated(20000)
    for path in sys.argv[1:]:
        with open(path) as lines:
            texts += [json.loads(line)["text"] for line in lines]
    with tempfile.TemporaryDirectory() as folder:
        documents, _ = gpt_clean(dict(enumerate(texts)), "preset repair\n", folder)
        unexplained = compare_general_cleaning(documents, folder)
        unexplained += compare_general_cleaning({n: text for n, text in enumerate(texts) if text.strip()}, folder)
        unexplained += sum(compare(name, documents, folder) for name in FILTERS)
    sys.exit(1 if unexplained else 0)


main()
