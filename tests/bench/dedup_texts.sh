#!/bin/sh
# What gpt-dedup takes out of documents, and pairs of vectors, timed: seconds and peak memory of each, best of three.
#   dedup_texts.sh GPT_DEDUP CORPUS.jsonl
# The task is 20,000 runs of 9 to 40 words of the corpus itself, so that much is found.
set -eu
dedup=$1
corpus=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 - "$corpus" "$folder/task.jsonl" <<'PYTHON'
import json
import random
import sys
draw = random.Random(1)
texts = [json.loads(line)["text"] for line in open(sys.argv[1], encoding="utf-8")]
with open(sys.argv[2], "w", encoding="utf-8") as out:
    for _ in range(20000):
        words = draw.choice(texts).split()
        count = draw.choice([9, 11, 13, 15, 20, 30, 40])
        begin = draw.randrange(max(1, len(words) - count))
        out.write(json.dumps({"text": " ".join(words[begin:begin + count])}, ensure_ascii=False) + "\n")
PYTHON

# timed ARGUMENT...: the fastest of three runs.
timed() {
  for _ in 1 2 3; do
    "$dedup" "$corpus" -o "$folder/out.jsonl" --force -q --progress off --report "$folder/report.json" "$@"
    sed 's/.*"seconds":\([0-9.]*\),"peak_memory_bytes":\([0-9]*\).*/\1 s \2 bytes/' "$folder/report.json"
  done | sort -n | head -n 1 | sed "s#^#$* #; s#$folder/##"
}

timed --method none --decontaminate "$folder/task.jsonl"
timed --method none --unit line
timed --method none --unit paragraph
timed --method none --substring-bytes 100
timed --method embedding
