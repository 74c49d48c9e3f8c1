#!/bin/sh
# What web pages do to text, each line as it came and as it is to become; and repaired text stays as it is.
. "$GPT_SOURCE/tests/cli/lib.sh"

python3 - "$GPT_SOURCE/tests/data/clean/repairs.txt" <<'END' || fail "the cases could not be read"
import json, sys

cases = [line.rstrip("\n").split("\t") for line in open(sys.argv[1], encoding="utf-8") if line.strip() and line[0] != "#"]
assert len(cases) > 60, len(cases)
# escapes as in JSON, so that what is invisible can be seen in the file
read = lambda text: json.loads('"' + text.replace('"', '\\"') + '"')
with open("in.jsonl", "w") as damaged, open("wanted.jsonl", "w") as wanted:
    for before, after in cases:
        damaged.write(json.dumps({"text": read(before)}) + "\n")
        wanted.write(json.dumps({"text": read(after)}, ensure_ascii=False) + "\n")
END
expect_exit 0 gpt-clean in.jsonl -o out.jsonl --rule line-hyphens -q
expect_same out.jsonl wanted.jsonl
expect_exit 0 gpt-clean out.jsonl -o again.jsonl --rule line-hyphens -q
expect_same again.jsonl out.jsonl

# All rules that repair, twice.
for rule in ligatures straight-quotes character-width; do
  expect_exit 0 gpt-clean in.jsonl -o "$rule.jsonl" --rule line-hyphens --rule "$rule" -q
  expect_exit 0 gpt-clean "$rule.jsonl" -o "$rule-again.jsonl" --rule line-hyphens --rule "$rule" -q
  expect_same "$rule-again.jsonl" "$rule.jsonl"
done
