#!/bin/sh
# label: slow
# The pieces that Megatron-LM's tools/openwebtext/filter_ngrams.py leaves (GPT_FILTER_NGRAMS names the script; it was part of
# Megatron-LM until 2025), with every n-gram taken for rare. Not the same by design: it counts a document's n-grams only
# where they do not overlap, so that an n-gram beside a frequent one passes for rare; and it does not look at documents of
# fewer words than an n-gram has at most.
. "$GPT_SOURCE/tests/cli/lib.sh"
if [ ! -r "${GPT_FILTER_NGRAMS:-}" ]; then
  echo "SKIPPED: GPT_FILTER_NGRAMS names no filter_ngrams.py, so the original does not check our decontamination"
  exit 77
fi
for seed in 1 2 3 4; do
  python3 "$GPT_SOURCE/tests/cli/gpt-dedup/decontaminate_reference.py" generate $seed corpus.jsonl questions.jsonl
  sed 's/"question"/"text"/' questions.jsonl >lambada.jsonl
  echo >nltk.py # imported, not used
  PYTHONPATH=. python3 "$GPT_FILTER_NGRAMS" --tasks lambada --lambada-path lambada.jsonl --dedup-dataset corpus.jsonl text \
    --output original.jsonl --num-threads 1 --key-threshold 1000000 >original.log 2>&1 || fail "$(tail -n 3 original.log)"
  expect_exit 0 gpt-dedup -q corpus.jsonl --method none --decontaminate lambada.jsonl --key-threshold 1000000 -o ours.jsonl --force
  python3 - <<'PYTHON' || fail "seed $seed: other pieces than the original's"
import json, re
from collections import defaultdict

def pieces(file):
    found = defaultdict(list)
    for document in map(json.loads, open(file)):
        found[document["id"]].append(document["text"])
    return found

ours, theirs = pieces("ours.jsonl"), pieces("original.jsonl")
compared = 0
for document in map(json.loads, open("corpus.jsonl")):
    if len(re.findall(r"\w+", document["text"])) <= 13:
        continue
    compared += 1
    assert ours[document["id"]] == theirs[document["id"]], document["id"]
assert compared > 200
PYTHON
done
