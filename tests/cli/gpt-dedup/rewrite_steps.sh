#!/bin/sh
# gpt-dedup: documents, task texts, repeated units and repeated bytes in one run are the bytes of a run for each.
. "$GPT_SOURCE/tests/cli/lib.sh"

# Documents with task texts, lines and runs that come again, whole documents that do, and equal addresses.
python3 "$GPT_SOURCE/tests/cli/gpt-dedup/decontaminate_reference.py" generate 3 planted.jsonl tasks.jsonl
python3 - <<'PYTHON'
import json, random
draw = random.Random(7)
stock = ["".join(draw.choices("abcdefgåäö  ", k=draw.randint(30, 90))).strip() for _ in range(60)]
documents = [json.loads(line) for line in open("planted.jsonl")]
for document in documents:
    lines = document["text"].split("\n")
    for _ in range(draw.randint(0, 4)):
        lines.insert(draw.randint(0, len(lines)), draw.choice(["", "before "]) + draw.choice(stock))
    document["text"] = "\n".join(lines)
    document["url"] = f"http://example.org/{draw.randint(0, 200)}"
documents += [dict(draw.choice(documents), id=1000 + i) for i in range(40)]
draw.shuffle(documents)
with open("corpus.jsonl", "w") as out, open("corpus.txt", "w") as plain:
    for document in documents:
        out.write(json.dumps(document, ensure_ascii=False) + "\n")
        plain.write(" ".join(document["text"].split()) + "\n")
PYTHON
cut='--decontaminate tasks.jsonl --key question --key-threshold 1000000'
units='--unit line'
runs='--substring-bytes 60'
gpt-dedup -q planted.jsonl --method none $runs >/dev/null 2>stderr
if grep -q libdivsufsort stderr; then
  echo "SKIPPED: this build has no libdivsufsort, so steps are not tried one after the other"
  exit 77
fi

# A run for each step, through files. The pieces of task texts are named after the input, so the first two are one run.
for method in exact url minhash; do
  expect_exit 0 gpt-dedup -q corpus.jsonl --method $method $cut -o first-$method.jsonl
  expect_exit 0 gpt-dedup -q first-$method.jsonl --method none $units -o second-$method.jsonl
  expect_exit 0 gpt-dedup -q second-$method.jsonl --method none $runs -o third-$method.jsonl
  for threads in 1 3; do
    expect_exit 0 gpt-dedup corpus.jsonl --method $method $cut $units $runs --threads $threads -o one-$method.jsonl --force \
      --report one-$method.json
    expect_same one-$method.jsonl third-$method.jsonl
  done
  expect_exit 0 gpt-dedup -q corpus.jsonl --method $method $runs $cut -o two-$method.jsonl
  gpt-dedup -q first-$method.jsonl --method none $runs >expected || fail "exit code $?"
  expect_same two-$method.jsonl expected
  cmp -s one-$method.jsonl second-$method.jsonl && fail "the last step took nothing out"
  cmp -s first-$method.jsonl second-$method.jsonl && fail "the second step took nothing out"
done

# Documents first, then the steps: each is told by the report, and what it read is what the one before left.
gpt-dedup corpus.jsonl --method minhash $cut $units $runs --report report.json -o again.jsonl 2>stderr || fail "exit code $?"
expect_stderr 'near duplicates removed; .* pieces of tasks cut out .*; .* lines taken out .*; .* bytes of text taken out'
python3 - <<'PYTHON' || fail "the report's steps do not follow from each other: $(cat report.json)"
import json
report = json.load(open("report.json"))
lines = lambda name: sum(1 for _ in open(name))
steps = report["steps"]
assert list(steps) == ["decontaminate", "unit", "substring_bytes"], steps
reasons = report["reasons"]
kept = report["documents_in"] - reasons["exact_duplicate"] - reasons["near_duplicate"]
assert report["documents_in"] == lines("corpus.jsonl") and reasons["exact_duplicate"] >= 40 - 1
assert steps["decontaminate"]["documents_in"] == kept
assert steps["unit"]["documents_in"] == steps["decontaminate"]["documents_out"] == lines("first-minhash.jsonl")
assert steps["substring_bytes"]["documents_in"] == steps["unit"]["documents_out"] == lines("second-minhash.jsonl")
assert report["documents_out"] == steps["substring_bytes"]["documents_out"] == lines("third-minhash.jsonl")
assert all(step["documents_changed"] > 0 for step in steps.values())
assert report["documents_changed"] == sum(step["documents_changed"] for step in steps.values())
assert steps["unit"]["documents_in"] - steps["unit"]["documents_out"] == reasons["repeated_lines"]
assert report["cuts"] and report["lines_removed"] and report["bytes_removed"]
PYTHON

# Through pipes; of text files the texts alone are passed on.
gpt-dedup -q corpus.jsonl --method exact $units | gpt-dedup -q - --method none $runs >expected || fail "exit code $?"
gpt-dedup -q - --method exact $units $runs <corpus.jsonl >piped || fail "exit code $?"
expect_same piped expected
gpt-dedup -q corpus.txt --method none $cut | gpt-dedup -q - --input-format text --method none $runs >expected || fail "exit code $?"
gpt-dedup -q corpus.txt --method none $cut $runs >piped || fail "exit code $?"
expect_same piped expected
expect_exit 0 gpt-dedup -q corpus.txt --method none $cut -o pieces.jsonl
expect_exit 0 gpt-dedup -q pieces.jsonl --method none $runs -o expected.jsonl
expect_exit 0 gpt-dedup -q corpus.txt --method none $cut $runs -o records.jsonl
expect_same records.jsonl expected.jsonl
grep -q split_id records.jsonl || fail "the pieces of text have lost their names"

# Shards of bytes depend on the documents, not on how they were read.
python3 - <<'PYTHON'
import json, random
draw = random.Random(1)
words = ["".join(draw.choices("abcdefgh", k=draw.randint(2, 8))) for _ in range(400)]
with open("large.jsonl", "w") as out:
    for i in range(6000):
        text = " ".join(draw.choices(words, k=draw.randint(5, 120)))
        for _ in range(draw.choice([1, 1, 2])):
            out.write(json.dumps({"text": text}) + "\n")
PYTHON
expect_exit 0 gpt-dedup -q large.jsonl --method exact -o distinct.jsonl
expect_exit 0 gpt-dedup -q distinct.jsonl --method none --substring-bytes 20 --shard-mebibytes 1 -o apart.jsonl --report shards.json
expect_exit 0 gpt-dedup -q large.jsonl --method exact --substring-bytes 20 --shard-mebibytes 1 -o shards.jsonl
expect_same shards.jsonl apart.jsonl
grep -q '"shards":[2-9]' shards.json || fail "one shard: $(cat shards.json)"

# Temporary files have no name, and where they cannot be made it is said.
mkdir temporary
expect_exit 0 gpt-dedup -q corpus.jsonl --method none $cut $units $runs -o named.jsonl --temporary-folder temporary
[ -z "$(ls -A temporary)" ] || fail "left behind: $(ls temporary)"
expect_exit 1 gpt-dedup -q corpus.jsonl --method none $units $runs -o no.jsonl --temporary-folder nowhere
expect_stderr '--temporary-folder'
expect_missing no.jsonl
