#!/usr/bin/env python3
"""Adds to the word lists that gather_texts.py has gathered how frequent each word is.

usage: word_frequencies.py FOLDER NORSK.WORDS

NORSK.WORDS comes with the source package norwegian of Debian (apt-get source --download-only norwegian): Norwegian
words, those of Bokmål with the logarithm of how often newspapers had them. A line of FOLDER/words/CLASS.txt becomes the
word, a tab, and how often the word occurs in as much text: what the newspapers tell, or where it is more, how often
FOLDER/texts/CLASS.txt has it. A Swedish, Danish or Nynorsk word that Bokmål lacks is taken to be as frequent as the
Bokmål word of the same skeleton, that is, of the same letters but for habits of spelling and endings.
"""
import collections
import pathlib
import re
import sys

WORD = re.compile(r"[^\W\d_]+")
NEIGHBOURS = ("sv", "da", "nn")
LOGARITHM_BASE = 1.5  # of norsk.words: its greatest number, 31, stands for words like "og"

SPELLINGS = str.maketrans({"ä": "e", "æ": "e", "ö": "ø", "b": "p", "d": "t", "g": "k", "x": "s", "q": "k", "c": "k",
                           "z": "s", "w": "v", "é": "e", "ô": "o", "ò": "o", "ë": "e"})
CLUSTERS = (("kv", "v"), ("hv", "v"), ("skj", "sk"), ("kj", "k"), ("ei", "e"), ("øy", "ø"), ("au", "ø"), ("tj", "t"),
            ("jø", "ø"), ("je", "e"))
DOUBLED = re.compile(r"(.)\1")
ENDING = re.compile(r"(?<=..)(ernes|arnas|ornas|anes|enes|erne|arna|orna|erna|ane|ene|ens|ets|ar|er|or|en|et|te|e|a|s|t)$")


def skeleton(word):
    word = word.translate(SPELLINGS)
    for cluster, plain in CLUSTERS:
        word = word.replace(cluster, plain)
    return ENDING.sub("", DOUBLED.sub(r"\1", word))


def newspaper_frequencies(path):
    frequencies = {}
    for line in open(path, encoding="latin-1"):
        fields = line.split()
        if not fields or line.startswith("#"):
            continue
        word = re.sub('[="]', "", fields[0])  # the marks show where compounds are joined
        logarithms = [int(field) for field in fields[1:] if field.isdigit()]
        if logarithms and WORD.fullmatch(word):
            frequencies[word] = max(frequencies.get(word, 0), LOGARITHM_BASE ** logarithms[0])
    return frequencies


def text_frequencies(path):
    return collections.Counter(WORD.findall(path.read_text())) if path.exists() else {}


def main():
    folder = pathlib.Path(sys.argv[1])
    newspapers = newspaper_frequencies(sys.argv[2])
    skeletons = collections.defaultdict(float)
    for word, frequency in newspapers.items():
        skeletons[skeleton(word)] = max(skeletons[skeleton(word)], frequency)
    for path in sorted((folder / "words").glob("*.txt")):
        language = path.stem
        texts = text_frequencies(folder / "texts" / path.name)
        words = sorted({line.split("\t")[0] for line in path.read_text().split("\n") if line})
        with open(path, "w") as out:
            for word in words:
                frequency = texts.get(word, 0)
                if language in NEIGHBOURS:
                    frequency = max(frequency, newspapers.get(word, skeletons.get(skeleton(word), 0)))
                elif language == "nb":
                    frequency = max(frequency, newspapers.get(word, 0))
                out.write(f"{word}\t{frequency:.1f}\n")


if __name__ == "__main__":
    main()
