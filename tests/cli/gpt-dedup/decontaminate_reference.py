#!/usr/bin/env python3
"""What gpt-dedup --method none --decontaminate is to do, restated on strings and sets; and documents to try it on.

  decontaminate_reference.py generate SEED CORPUS.jsonl TASKS.jsonl
  decontaminate_reference.py clean CORPUS.jsonl TASKS.jsonl OUT.jsonl [frequent]
"""
import json
import random
import re
import sys
from collections import Counter

MOST, LEAST, SIDE, SHORT, PIECES = 13, 8, 200, 200, 10


def generate(seed, corpus, tasks):
    draw = random.Random(seed)
    letters = "abcdefghijklmnoprstuvyåäöéß"
    vocabulary = ["".join(draw.choices(letters, k=draw.randint(1, 9))) for _ in range(3000)]

    def sentence(words):
        return " ".join(words).capitalize()

    def prose(count):
        out = []
        for _ in range(count):
            words = draw.choices(vocabulary, k=draw.randint(3, 18))
            out.append(sentence(words) + draw.choice([". ", "! ", "? ", ", ", "\n"]))
        return "".join(out)

    questions = [draw.choices(vocabulary, k=draw.choice([5, 7, 8, 9, 11, 12, 13, 14, 20, 40])) for _ in range(60)]
    with open(tasks, "w", encoding="utf-8") as out:
        for question in questions:
            out.write(json.dumps({"question": sentence(question) + "?"}, ensure_ascii=False) + "\n")
    with open(corpus, "w", encoding="utf-8") as out:
        for number in range(250):
            parts = [prose(draw.randint(0, 60))]
            for _ in range(draw.choice([0, 0, 1, 1, 2, 5, 30])):
                # The first questions are seen often.
                question = questions[int(len(questions) * draw.random() ** 2)]
                part = draw.choice([question, question, question[1:], question[:-1]])
                parts.append(draw.choice([" ", ", ", "\t- "]).join(map(draw.choice([str.upper, str.title, str]), part)))
                parts.append(draw.choice([". ", " "]))
                parts.append(prose(draw.randint(0, 60)))
            if draw.random() < 0.05:
                parts = [" ".join(questions[draw.randrange(60)])]
            out.write(json.dumps({"id": number, "text": "".join(parts)}, ensure_ascii=False) + "\n")


def words_of(text):
    # One character stays one: the positions are those of the text.
    return [("".join(map(fold, found.group(0))), found.start()) for found in re.finditer(r"\w+", text)]


def fold(character):
    lower = character.lower()
    return lower if len(lower) == 1 else character


def task_ngrams(texts):
    ngrams = set()
    for text in texts:
        words = [word for word, _ in words_of(text)]
        if len(words) < LEAST:
            continue
        size = min(MOST, len(words))
        for i in range(len(words) - size + 1):
            ngrams.add(" ".join(words[i:i + size]))
    return ngrams


def first_match(text, ngrams, lengths):
    words = words_of(text)
    tail = max(len(words) - MOST, 0)
    places = [(i, length) for i in range(tail + 1) for length in lengths]
    places += [(i, length) for length in lengths for i in range(tail + 1, len(words))]
    for i, length in places:
        if i + length > len(words):
            continue
        ngram = " ".join(word for word, _ in words[i:i + length])
        if ngram in ngrams:
            return ngram, words[i][1], words[i + length - 1]
    return None


def pieces_of(text, ngrams, lengths):
    pieces = []
    while True:
        match = first_match(text, ngrams, lengths)
        if match is None:
            return pieces + [text]
        ngram, position, (last, last_position) = match
        stop = position - SIDE
        while stop > 0 and text[stop] not in ".!?":
            stop -= 1
        if stop > 0 and stop + 1 > SHORT:
            pieces.append(text[:stop + 1])
        go = max(position + len(ngram) + SIDE, last_position + len(last))
        while go < len(text) and text[go] not in ".!?":
            go += 1
        text = text[go + 1:]
        if len(text) <= SHORT:
            return pieces


def clean(corpus, tasks, out, frequent=10):
    ngrams = task_ngrams(json.loads(line)["question"] for line in open(tasks, encoding="utf-8"))
    present = sorted({len(ngram.split()) for ngram in ngrams})
    lengths = [n for n in present if n == MOST] + [n for n in present if n < MOST]
    seen = Counter()
    documents = [json.loads(line) for line in open(corpus, encoding="utf-8")]
    for document in documents:
        words = [word for word, _ in words_of(document["text"])]
        here = {" ".join(words[i:i + n]) for n in lengths for i in range(len(words) - n + 1)}
        seen.update(here & ngrams)
    rare = {ngram for ngram in ngrams if seen[ngram] < frequent}
    with open(out, "w", encoding="utf-8") as result:
        for line, document in enumerate(documents, 1):
            pieces = pieces_of(document["text"], rare, lengths)
            if len(pieces) > PIECES:
                continue
            for number, piece in enumerate(pieces):
                fields = {"id": document["id"], "text": piece}
                if piece != document["text"]:
                    fields["split_id"] = f"tasks-corpus-{line:010d}-{number:04d}"
                result.write(json.dumps(fields, ensure_ascii=False, sort_keys=True) + "\n")


if __name__ == "__main__":
    if sys.argv[1] == "generate":
        generate(int(sys.argv[2]), sys.argv[3], sys.argv[4])
    else:
        clean(sys.argv[2], sys.argv[3], sys.argv[4], *map(int, sys.argv[5:]))
