#!/bin/sh
# gpt-dedup --unit line|paragraph|sentence and --substring-bytes: what comes again within the corpus goes, its first place stays.
. "$GPT_SOURCE/tests/cli/lib.sh"

# Lines: the second "A line ..." goes whatever its case and spaces, short ones stay, an emptied document goes.
cat >lines.jsonl <<'JSON'
{"id": 1, "text":"A line that comes again\nonly here, in the first document\nshort"}
{"id": 2, "text":"short\n  a LINE that comes  again\nonly here, in the second document"}
{"id": 3,  "text":"short\nnothing that comes again"}
{"id": 4, "text":"A line that comes again\n\n"}
{"id": 5, "text":""}
JSON
cat >expected <<'JSON'
{"id": 1, "text":"A line that comes again\nonly here, in the first document\nshort"}
{"id": 2, "text":"short\nonly here, in the second document"}
{"id": 3,  "text":"short\nnothing that comes again"}
{"id": 5, "text":""}
JSON
expect_exit 0 gpt-dedup lines.jsonl --method none --unit line -o lines_out.jsonl --report lines.json
expect_stderr '5 documents in, 4 out: .*; 2 of 10 lines taken out of 2 documents, 1 of which went'
expect_same lines_out.jsonl expected
grep -q '"repeated_lines":1' lines.json || fail "other reasons: $(cat lines.json)"
grep -q '"lines":10,"lines_removed":2,"characters_removed":49' lines.json || fail "other counts: $(cat lines.json)"
expect_exit 0 gpt-dedup -q lines.jsonl --method none --unit line --most-repeats 2
[ "$(wc -l <stdout)" -eq 4 ] || fail "two places of the line are to stay: $(cat stdout)"
expect_exit 0 gpt-dedup -q lines.jsonl --method none --unit line --most-repeats 3
expect_same stdout lines.jsonl
expect_exit 0 gpt-dedup -q lines.jsonl --method none --unit line --min-chars 23
[ "$(wc -l <stdout)" -eq 4 ] || fail "a line of 23 characters counts at --min-chars 23"
expect_exit 0 gpt-dedup -q lines.jsonl --method none --unit line --min-chars 25
expect_same stdout lines.jsonl

# Paragraphs, within and across documents.
printf '%s\n' '{"text":"One paragraph of\ntwo lines, no less.\n\nAnother one, of one line.\n\nOne paragraph of\ntwo lines, no less."}' \
  '{"text":"Another one, of one line.\n\n\nA third, which stands here alone.\n"}' >paragraphs.jsonl
printf '%s\n' '{"text":"One paragraph of\ntwo lines, no less.\n\nAnother one, of one line."}' \
  '{"text":"A third, which stands here alone.\n"}' >expected
expect_exit 0 gpt-dedup -q paragraphs.jsonl --method none --unit paragraph
expect_same stdout expected

# A generated corpus: as a plain restatement says, for any number of threads, from a file or a pipe.
python3 - <<'PYTHON'
import json, random
draw = random.Random(5)
stock = ["".join(draw.choices("abcdefgåäö  ", k=draw.randint(10, 60))).strip() for _ in range(500)]
with open("corpus.jsonl", "w") as out:
    for number in range(3000):
        lines = [draw.choice(stock) if draw.random() < .3 else f"{number} {draw.random()} {draw.random()}"
                 for _ in range(draw.randint(0, 30))]
        out.write(json.dumps({"text": "\n".join(lines)}, ensure_ascii=False) + "\n")
PYTHON
gpt-dedup -q corpus.jsonl --method none --unit line -o threads1.jsonl --threads 1 || fail "exit code $?"
gpt-dedup -q corpus.jsonl --method none --unit line -o threads3.jsonl --threads 3 || fail "exit code $?"
gpt-dedup -q - --method none --unit line --threads 2 <corpus.jsonl >pipe.jsonl || fail "exit code $?"
expect_same threads3.jsonl threads1.jsonl
expect_same pipe.jsonl threads1.jsonl
python3 - <<'PYTHON' || fail "other lines than the restatement's"
import json
kept, seen = [], set()
for document in map(json.loads, open("corpus.jsonl")):
    out = []
    for line in document["text"].split("\n"):
        key = " ".join(line.split()).lower()
        if len(line.strip()) >= 20 and key in seen:
            continue
        seen.add(key)
        out.append(line)
    if document["text"] == "" or "".join(out).strip():
        kept.append("\n".join(out).rstrip("\n") if out else "")
assert [json.loads(line)["text"] for line in open("threads1.jsonl")] == kept
assert sum(map(len, kept)) < 0.9 * sum(len(json.loads(line)["text"]) for line in open("corpus.jsonl"))
PYTHON

# Sentences: of three in a row that come again all but the first three go; a document that says them twice keeps them once,
# and one that repeats a single sentence keeps it.
cat >sentences.jsonl <<'JSON'
{"id": 1, "text":"First it was dark. Then came the dawn, at 5 a.m. in June. We rose. Nobody else did."}
{"id": 2, "text":"Before all this, nothing. First it was dark. THEN came the dawn,  at 5 a.m. in June. We rose.\n\nAfter it, the day."}
{"id": 3, "text":"First it was dark. Then came the dawn, at 5 a.m. in June. Something else."}
{"id": 4,  "text":"Ha ha! Ha ha! Ha ha! Ha ha! Ha ha!"}
{"id": 5, "text":"Ha ha! Ha ha! Ha ha! Ha ha! Ha ha! Ha ha!"}
{"id": 6, "text":"We rose. Nobody else did. It rained.\nWe rose. Nobody else did. It rained."}
JSON
cat >expected <<'JSON'
{"id": 1, "text":"First it was dark. Then came the dawn, at 5 a.m. in June. We rose. Nobody else did."}
{"id": 2, "text":"Before all this, nothing.\n\nAfter it, the day."}
{"id": 3, "text":"First it was dark. Then came the dawn, at 5 a.m. in June. Something else."}
{"id": 4,  "text":"Ha ha! Ha ha! Ha ha! Ha ha! Ha ha!"}
{"id": 6, "text":"We rose. Nobody else did. It rained."}
JSON
expect_exit 0 gpt-dedup sentences.jsonl --method none --unit sentence --span 3 --min-chars 1 -o sentences_out.jsonl \
  --report sentences.json
expect_same sentences_out.jsonl expected
expect_stderr '6 documents in, 5 out: .*; 12 of 29 sentences taken out of 3 documents, 1 of which went'
grep -q '"sentences":29,"sentences_removed":12' sentences.json || fail "other counts: $(cat sentences.json)"
expect_exit 0 gpt-dedup -q sentences.jsonl --method none --unit sentence --span 3 --min-chars 1 --most-repeats 2
expect_stdout '"id": 2, .*all this, nothing\. First it was dark\..*After it'
expect_exit 0 gpt-dedup -q sentences.jsonl --method none --unit sentence --span 7
expect_same stdout sentences.jsonl

# The language's rules say where a sentence ends.
printf '%s\n' '{"text":"Vi ses kl. 8 enl. avtal. Hej."}' '{"text":"Så sa han. Vi ses kl. 8 enl. avtal. Nu."}' >swedish.jsonl
expect_exit 0 gpt-dedup -q swedish.jsonl --method none --unit sentence --sentence-language swedish
expect_stdout '"Så sa han\. Nu\."'

# Lines in a row, with the blank ones between them.
printf '%s\n' '{"text":"Name: Anna\n\nTown: Umeå\nPost"}' '{"text":"Name: Anna\nPost\nName: anna\n\n\nTown: Umeå\nEnd"}' >blocks.jsonl
expect_exit 0 gpt-dedup -q blocks.jsonl --method none --unit line --span 2 -o blocks_out.jsonl
printf '%s\n' '{"text":"Name: Anna\n\nTown: Umeå\nPost"}' '{"text":"Name: Anna\nPost\nEnd"}' >expected
expect_same blocks_out.jsonl expected

# Runs of bytes, if this build can.
run='this run of words stands in two documents'
printf '{"text":"one: %s, and more","n": 1}\n{"text":"two: %s; ends",  "n": 2}\n{"text":"%s"}\n{"text":"short"}\n' \
  "$run" "$run" "$run" >runs.jsonl
gpt-dedup runs.jsonl --method none --substring-bytes 40 >stdout 2>stderr
case $? in
  2)
    expect_stderr 'libdivsufsort'
    echo "This build has no libdivsufsort: --substring-bytes is refused"
    ;;
  0)
    printf '{"text":"one: %s, and more","n": 1}\n{"text":"two; ends",  "n": 2}\n{"text":"short"}\n' "$run" >expected
    expect_same stdout expected
    expect_stderr '4 documents in, 3 out: .* bytes of text taken out of 2 documents, 1 of which went'
    expect_exit 0 gpt-dedup -q runs.jsonl --method none --substring-bytes 45
    expect_same stdout runs.jsonl
    gpt-dedup -q corpus.jsonl --method none --substring-bytes 50 -o sub1.jsonl --threads 1 || fail "exit code $?"
    gpt-dedup -q corpus.jsonl --method none --substring-bytes 50 -o sub3.jsonl --threads 3 || fail "exit code $?"
    expect_same sub3.jsonl sub1.jsonl
    cat corpus.jsonl corpus.jsonl >twice.jsonl
    expect_exit 0 gpt-dedup -q twice.jsonl --method none --substring-bytes 50 --shard-mebibytes 1 -o small.jsonl --report small.json
    grep -q '"shards":[2-9]' small.json || fail "one shard: $(cat small.json)"
    ;;
  *) fail "exit code $?" ;;
esac

# No quadratic case: one long line, many equal ones.
python3 -c 'import json; print(json.dumps({"text": "ab" * 5000000})); print(json.dumps({"text": "again and again and again\n" * 400000}))' >long.jsonl
expect_exit 0 timeout 100 gpt-dedup -q long.jsonl --method none --unit line -o long_lines.jsonl
[ "$(wc -c <long_lines.jsonl)" -lt 10000100 ] || fail "repeated lines are left"
expect_exit 0 timeout 100 gpt-dedup -q long.jsonl --method none --unit paragraph -o long_paragraphs.jsonl

# Wrong usage.
expect_exit 2 gpt-dedup lines.jsonl --min-chars 10
expect_stderr 'add --unit'
expect_exit 2 gpt-dedup lines.jsonl --span 3
expect_stderr 'add --unit'
expect_exit 2 gpt-dedup lines.jsonl --unit word
expect_exit 2 gpt-dedup lines.jsonl --unit sentence --sentence-language Swenglish
expect_stderr 'is no language'
expect_exit 2 gpt-dedup lines.jsonl --shard-mebibytes 10
