#!/usr/bin/env python3
"""gpt-dedup --unit sentence --span 3 beside datatrove's SentenceDedup, in the folder it is run in.

  sentence_repeats_peers.py    environment: GPT_BIN

Made documents, into which runs of sentences of other documents are planted. Explained differences: datatrove takes out a run
that overlaps its own like as well ("Ha! Ha! Ha! Ha!"), so that one sentence of it stays; it counts runs as equal
that differ in punctuation, digits or accents, unless it is told otherwise, as here for the strict comparison; of documents it
keeps only those of 50 words and three sentences that are left, unless it is told otherwise, as here.
"""
import json
import os
import random
import subprocess
import sys
import time

from datatrove.data import Document
from datatrove.pipeline.dedup.sentence_dedup import (
    SentDedupConfig,
    SentenceDedupFilter,
    SentenceDedupSignature,
    SentenceFindDedups,
)
from datatrove.utils.hashing import HashConfig
from datatrove.utils.text import TextNormConfig

SHA1 = HashConfig(hash_fc="sha1")
STRICT = TextNormConfig(
    lowercase=True,
    norm_whitespace=True,
    remove_punctuation=False,
    norm_unicode_diacritics=False,
    norm_numbers=False,
    norm_weekdays=False,
    norm_monthnames=False,
)


def made(seed, count):
    """Documents as lists of sentences; those of which one repeats itself without a stop."""
    draw = random.Random(seed)
    vocabulary = ["".join(draw.choices("abcdefghijklmnop", k=draw.randint(2, 9))) for _ in range(2000)]
    long = [word for word in vocabulary if len(word) > 6]  # and so no abbreviations

    def sentence():
        words = draw.choices(vocabulary, k=draw.randint(3, 14)) + draw.choices(long, k=1)
        return " ".join(words).capitalize() + draw.choice([".", ".", ".", "!", "?"])

    documents = []
    chanting = set()
    for number in range(count):
        sentences = [sentence() for _ in range(draw.randint(0, 25))]
        for _ in range(draw.choice([0, 0, 1, 2, 4])):
            if not documents:
                break
            source = draw.choice(documents)
            begin = draw.randint(0, max(len(source) - 1, 0))
            planted = source[begin : begin + draw.randint(1, 8)]
            if draw.random() < 0.3:
                planted = [planted_one.upper() for planted_one in planted]
            at = draw.randint(0, len(sentences))
            sentences[at:at] = planted
        if draw.random() < 0.02:
            at = draw.randint(0, len(sentences))
            sentences[at:at] = [sentence()] * draw.randint(2, 9)
        said = [one.lower() for one in sentences]
        if any(said[i] in said[i + 1 : i + 3] for i in range(len(said))):
            chanting.add(number)
        documents.append(sentences)
    return documents, chanting


def datatrove_leaves(texts, folder, norm):
    config = SentDedupConfig(n_sentences=3, min_doc_words=0, min_num_sentences=0, norm_config=norm, hash_config=SHA1)
    documents = lambda: iter([Document(text=text, id=str(number)) for number, text in enumerate(texts)])
    begin = time.time()
    SentenceDedupSignature(f"{folder}/signatures", config=config, language="eng").run(documents())
    SentenceFindDedups(f"{folder}/signatures", f"{folder}/repeats", config=config).run()
    step = SentenceDedupFilter(f"{folder}/repeats", config=config, language="eng")
    return {int(document.id): document.text for document in step.run(documents())}, time.time() - begin


def ours_leave(texts):
    with open("in.jsonl", "w") as out:
        for number, text in enumerate(texts):
            out.write(json.dumps({"id": number, "text": text}, ensure_ascii=False) + "\n")
    program = os.path.join(os.environ["GPT_BIN"], "gpt-dedup")
    arguments = ["in.jsonl", "-o", "out.jsonl", "--force", "--method", "none", "--report", "report.json", "--threads", "1"]
    begin = time.time()
    subprocess.run([program, *arguments, *"-q --unit sentence --span 3 --min-chars 1".split()], check=True)
    seconds = time.time() - begin
    with open("out.jsonl") as lines:
        return {record["id"]: record["text"] for record in map(json.loads, lines)}, seconds


def compare(seed, norm, name):
    documents, chanting = made(seed, 1000)
    texts = [" ".join(sentences) for sentences in documents]
    ours, our_seconds = ours_leave(texts)
    theirs, their_seconds = datatrove_leaves(texts, f"{name}{seed}", norm)
    removed = sum(len(text.split()) for text in texts) - sum(len(text.split()) for text in ours.values())
    # datatrove drops a document without text even if it had none.
    differing = [n for n, text in enumerate(texts) if text and ours.get(n, "").split() != theirs.get(n, "").split()]
    unexplained = [n for n in differing if n not in chanting]
    print(
        f"seed {seed}, {name}: {removed} of {sum(len(text.split()) for text in texts)} words go, "
        f"{len(texts) - len(ours)} documents; {len(differing)} documents differ, {len(unexplained)} without an explanation; "
        f"{their_seconds:.2f} s and {our_seconds:.3f} s"
    )
    for number in unexplained[:3]:
        print("   ", repr(ours.get(number, "")[:300]), "\n   ", repr(theirs.get(number, "")[:300]))
    assert removed > 5000
    return len(unexplained)


def main():
    unexplained = sum(compare(seed, STRICT, "strict") for seed in (1, 2))
    unexplained += compare(3, TextNormConfig(), "usual")
    sys.exit(1 if unexplained else 0)


if __name__ == "__main__":
    main()
