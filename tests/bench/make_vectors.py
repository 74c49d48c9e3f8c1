#!/usr/bin/env python3
"""Documents with vectors for gpt-dedup --method embedding: make_vectors.py ROWS DIMENSIONS FOLDER

Writes FOLDER/rows.jsonl and FOLDER/rows.npy. The vectors lie around 200 topics; a fifth of them are edits of earlier ones, with
cosines from .85 to 1.
"""
import json
import sys

import numpy

rows, dimensions, folder = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
draw = numpy.random.default_rng(5)


def normed(vectors):
    return vectors / numpy.linalg.norm(vectors, axis=-1, keepdims=True)


topics = normed(draw.standard_normal((200, dimensions), dtype=numpy.float32))
own = normed(draw.standard_normal((rows, dimensions), dtype=numpy.float32))
vectors = normed(topics[draw.integers(0, 200, rows)] + own)
for row in range(4, rows, 5):
    cosine = draw.uniform(0.85, 1)
    vectors[row] = normed(vectors[draw.integers(0, row)] * cosine + own[row] * (1 - cosine**2) ** 0.5)
numpy.save(f"{folder}/rows.npy", vectors.astype(numpy.float32))
with open(f"{folder}/rows.jsonl", "w", encoding="utf-8") as out:
    for row in range(rows):
        out.write(json.dumps({"text": str(row)}) + "\n")
