#!/bin/sh
# gpt-dedup --decontaminate: the pieces that a plain restatement of the rules in Python leaves, what is reported, and errors.
. "$GPT_SOURCE/tests/cli/lib.sh"
reference="python3 $GPT_SOURCE/tests/cli/gpt-dedup/decontaminate_reference.py"

for seed in 1 2; do
  $reference generate $seed corpus.jsonl tasks.jsonl
  for frequent in 10 1000000; do
    $reference clean corpus.jsonl tasks.jsonl expected $frequent
    expect_exit 0 gpt-dedup corpus.jsonl --method none --decontaminate tasks.jsonl --key question \
      --key-threshold $frequent -o cleaned.jsonl --force --matches matches.jsonl --report report.json
    python3 -c '
import json
for line in open("cleaned.jsonl"): print(json.dumps(json.loads(line), ensure_ascii=False, sort_keys=True))' >seen
    expect_same seen expected
    cmp -s cleaned.jsonl corpus.jsonl && fail "nothing was cut"
    [ "$(grep -c '"character"' matches.jsonl)" -eq "$(sed 's/.*"cuts":\([0-9]*\).*/\1/' report.json)" ] ||
      fail "the report counts other cuts than there are matches"
  done
done
grep -q '"task_text_too_many_pieces":[1-9]' report.json || fail "no document is left in too many pieces"

# Every match stands where it is said to.
python3 - <<'PYTHON' || fail "a match is not where it is said to be"
import json, re
documents = [json.loads(line)["text"] for line in open("corpus.jsonl")]
tasks = [json.loads(line)["question"] for line in open("tasks.jsonl")]
cuts = 0
for match in map(json.loads, open("matches.jsonl")):
    assert match["task"] == "tasks"
    words = match["ngram"].split()
    assert match["ngram"] in " ".join(re.findall(r"\w+", tasks[match["task_line"] - 1].lower())), match
    if match.get("left_alone"):
        continue
    cuts += 1
    text = documents[match["document"]["line"] - 1][match["character"]:]
    assert [word.lower() for word in re.findall(r"\w+", text)[:len(words)]] == words, match
assert cuts
PYTHON

# The same for any number of threads, and from a pipe.
for threads in 1 3; do
  gpt-dedup - -q --threads $threads --method none --decontaminate tasks.jsonl --key question --key-threshold 1000000 \
    <corpus.jsonl >threads.jsonl || fail "exit code $?"
  sed 's/tasks-stdin-/tasks-corpus-/' threads.jsonl >renamed.jsonl
  expect_same renamed.jsonl cleaned.jsonl
done

# Duplicates go first; a document without task text keeps its bytes; a text file gets a line a piece.
question='one two three four five six seven eight nine ten eleven twelve thirteen'
filler=$(awk 'BEGIN { for (i = 0; i < 60; ++i) printf "A filling sentence. " }')
printf '{"text":"%s","n": 1}\n{"text":"kept",  "n": 2}\n{"text":"KEPT"}\n' "$filler$question. $filler" >two.jsonl
printf '%s\n' "$question" >task.txt
printf '{"title":"%s","body":"ONE, two"}\n' "$question" >task.jsonl
expect_exit 0 gpt-dedup two.jsonl --decontaminate task.txt -o out.jsonl --report two.json
expect_stderr '3 documents in, 3 out: 1 exact and 0 near duplicates removed; 1 pieces of tasks cut out of 1 documents'
sed -n 3p out.jsonl >last
printf '{"text":"kept",  "n": 2}\n' >expected
expect_same last expected
[ "$(grep -c '"n": 1,"split_id":"task-two-0000000001-000[01]"}' out.jsonl)" -eq 2 ] || fail "other pieces: $(cat out.jsonl)"
grep -q '"ngrams_by_task":{"task":1},"cuts_by_task":{"task":1},"documents_cut_by_task":{"task":1}' two.json ||
  fail "other counts: $(cat two.json)"
expect_exit 0 gpt-dedup -q two.jsonl --method exact --decontaminate task.txt task.jsonl --key body --key title,body -o out.txt
[ "$(wc -l <out.txt)" -eq 3 ] || fail "out.txt has not a line a piece"

# A field may be a list of texts.
printf '{"questions":["What?","%s"],"title":"none"}\n' "$question" >lists.jsonl
expect_exit 0 gpt-dedup -q two.jsonl --method exact --decontaminate lists.jsonl --key questions,title -o listed.jsonl --report listed.json
grep -q '"task_texts":3,"task_texts_too_short":2,"task_ngrams":1' listed.json || fail "other counts: $(cat listed.json)"
[ "$(wc -l <listed.jsonl)" -eq 3 ] || fail "the second text of a list is not cut out"

# What cannot be.
expect_exit 1 gpt-dedup -q two.jsonl --decontaminate task.jsonl -o no.jsonl
expect_stderr 'task\.jsonl:1: .*"text"'
expect_missing no.jsonl
expect_exit 1 gpt-dedup -q two.jsonl --decontaminate missing.jsonl -o no.jsonl
expect_stderr 'missing\.jsonl: cannot open'
: >matches
expect_exit 1 gpt-dedup -q two.jsonl --decontaminate task.txt -o no.jsonl --matches matches
expect_stderr 'matches.*exists'
expect_missing no.jsonl
expect_exit 2 gpt-dedup two.jsonl --matches found.jsonl
expect_stderr '--decontaminate'
expect_exit 2 gpt-dedup two.jsonl --decontaminate task.txt -o same.jsonl --matches same.jsonl
expect_stderr 'both name .same\.jsonl'
expect_exit 2 gpt-dedup two.jsonl --decontaminate task.txt --key a --key b
expect_stderr '2 of --key for 1 tasks'
expect_exit 2 gpt-dedup two.jsonl --decontaminate task.txt --min-ngram-size 14
expect_exit 2 gpt-dedup two.jsonl --method none
expect_stderr 'keeps every document'
