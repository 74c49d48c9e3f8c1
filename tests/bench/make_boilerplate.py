"""Documents of a crawl whose pages share a notice, as JSON Lines: usage: make_boilerplate.py DOCUMENTS >boilerplate.jsonl

Each has the same 400 characters and 80 of its own, so that any two have a Jaccard index of about .70 (character 5-grams)
and meet in large buckets of most bands without being duplicates.
"""
import json
import random
import sys

LETTERS = "abcdefghijklmnopqrstuvwxyz "

random.seed(1)
notice = "".join(random.choice(LETTERS) for _ in range(400))
for _ in range(int(sys.argv[1])):
    print(json.dumps({"text": notice + "".join(random.choice(LETTERS) for _ in range(80))}))
