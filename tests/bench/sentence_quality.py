#!/usr/bin/env python3
"""Exact-span F1 of NLTK's Punkt on the treebank paragraphs whose scores for the toolkit's rules and for ICU the unit
test prints (unit_common_text -tc='*treebank*').

usage: NLTK_DATA=FOLDER sentence_quality.py PARAGRAPHS.jsonl

FOLDER/tokenizers/punkt_tab holds the models; the wheel of llama-index-core carries a copy of them under
llama_index/core/_static/nltk_cache.
"""
import collections
import json
import sys

from nltk.tokenize import PunktTokenizer

NAMES = {"sv": "swedish", "da": "danish", "nb": "norwegian", "nn": "norwegian", "fi": "finnish", "de": "german",
         "en": "english"}


def gold_spans(paragraph):
    spans, at = set(), 0
    for sentence in paragraph["sentences"]:
        at = paragraph["text"].index(sentence, at)
        spans.add((at, at + len(sentence)))
        at += len(sentence)
    return spans


def main():
    models = {code: PunktTokenizer(name) for code, name in NAMES.items()}
    gold, found, right = (collections.Counter() for _ in range(3))
    with open(sys.argv[1], encoding="utf-8") as lines:
        for line in lines:
            paragraph = json.loads(line)
            language = paragraph["lang"]
            truth = gold_spans(paragraph)
            spans = set(models[language].span_tokenize(paragraph["text"]))
            gold[language] += len(truth)
            found[language] += len(spans)
            right[language] += len(spans & truth)
    for language in NAMES:
        print(f"{language} {2 * right[language] / (gold[language] + found[language]):.3f}")


if __name__ == "__main__":
    main()
