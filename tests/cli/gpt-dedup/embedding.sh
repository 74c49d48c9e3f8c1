#!/bin/sh
# gpt-dedup --method embedding: vectors of texts, of a field, of a .npy file; pairs, threads, and errors.
. "$GPT_SOURCE/tests/cli/lib.sh"

# Vectors in a field: a and b 12 degrees apart (cosine .978), b and c 24 (.914), a and c 36; d is equal to a in its text.
cat >vectors.jsonl <<'JSON'
{"text":"a", "v":[1, 0, 0]}
{"text":"b", "v":[0.97815, 0.20791, 0]}
{"text":"c", "v":[1.61803, 1.17557, 0]}
{"text":"A", "v":[0, 0, 1]}
{"text":"e", "v":[0, 0, -1]}
{"text":"f", "v":[0, 0, 0]}
{"text":"g", "v":[0, 0, 0]}
JSON
kept() { sed 's/^{"text":"\(.\).*/\1/' "$1" | tr -d '\n'; }
expect_kept() {
  expect_exit 0 gpt-dedup -q vectors.jsonl --method embedding --vector-key v --cosine "$1"
  [ "$(kept stdout)" = "$2" ] || fail "--cosine $1 keeps $(kept stdout), not $2"
}
expect_kept 0.98 abcefg
expect_kept 0.95 acefg
expect_kept 0.9 aefg
expect_exit 0 gpt-dedup -q vectors.jsonl --method embedding --vector-key v -o out.jsonl --pairs pairs.jsonl --report report.json
python3 - <<'PYTHON' || fail "other pairs: $(cat pairs.jsonl)"
import json
pairs = [json.loads(line) for line in open("pairs.jsonl")]
assert [(pair["first"]["line"], pair["second"]["line"]) for pair in pairs] == [(1, 2), (1, 4), (2, 3)], pairs
assert abs(pairs[0]["cosine"] - .97815) < 1e-4 and abs(pairs[2]["cosine"] - .91354) < 1e-4, pairs
assert pairs[1]["equal"] is True and "cosine" not in pairs[1], pairs
report = json.load(open("report.json"))
assert report["method"] == "embedding" and report["cosine"] == .9 and report["compared_pairs"] == 15, report
assert report["reasons"] == {"exact_duplicate": 1, "near_duplicate": 2}, report

# The same in NumPy's format, as it writes it.
import struct
rows = [json.loads(line)["v"] for line in open("vectors.jsonl")]
def write(name, rows, kind):
    header = "{'descr': '<%s', 'fortran_order': False, 'shape': (%d, %d), }" % (kind, len(rows), len(rows[0]))
    header += " " * (-(len(header) + 11) % 64) + "\n"
    with open(name, "wb") as out:
        out.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode())
        for row in rows:
            out.write(struct.pack("<%d%s" % (len(row), {"f4": "f", "f8": "d"}[kind]), *row))
write("v4.npy", rows, "f4")
write("v8.npy", rows, "f8")
write("short.npy", rows[:-1], "f4")
write("nan.npy", rows[:4] + [[0, float("nan"), 1]] + rows[5:], "f4")
write("inf.npy", rows[:2] + [[1, 0, float("-inf")]] + rows[3:], "f8")
write("wide.npy", rows[:2] + [[1, 1e300, 0]] + rows[3:], "f8")
whole = open("v4.npy", "rb").read()
open("cut.npy", "wb").write(whole[:-3])
open("big.npy", "wb").write(whole.replace(b"<f4", b">f4"))
open("columns.npy", "wb").write(whole.replace(b"False", b"True "))
open("none.npy", "wb").write(whole.replace(b"(7, 3)", b"(0, 3)")[:-84])
PYTHON
for file in v4.npy v8.npy; do
  expect_exit 0 gpt-dedup -q vectors.jsonl --method embedding --vectors $file
  expect_same stdout out.jsonl
done

# Vectors of texts: edited copies are found, others are not, for any number of threads.
python3 - <<'PYTHON'
import json, random
draw = random.Random(3)
words = ["".join(draw.choices("abcdefghijklmnoprstuvåäö", k=draw.randint(2, 9))) for _ in range(2000)]
with open("texts.jsonl", "w") as out:
    for number in range(300):
        text = draw.choices(words, k=120)
        out.write(json.dumps({"n": number, "text": " ".join(text)}, ensure_ascii=False) + "\n")
        if number % 3 == 0:
            text[draw.randrange(120)] = "edited"
            out.write(json.dumps({"n": -1, "text": " ".join(text)}, ensure_ascii=False) + "\n")
PYTHON
expect_exit 0 gpt-dedup -q texts.jsonl --method embedding -o unique.jsonl --threads 1 --pairs unique-pairs.jsonl
[ "$(wc -l <unique.jsonl)" -eq 300 ] || fail "$(wc -l <unique.jsonl) of 300 documents are left"
grep -q '"n": -1' unique.jsonl && fail "an edited copy is left"
[ "$(wc -l <unique-pairs.jsonl)" -eq 100 ] || fail "other pairs than a hundred"
expect_exit 0 gpt-dedup -q - --method embedding -o threads.jsonl --threads 3 --pairs threads-pairs.jsonl <texts.jsonl
expect_same threads.jsonl unique.jsonl
sed 's/"stdin"/"texts.jsonl"/g' threads-pairs.jsonl >renamed.jsonl
expect_same renamed.jsonl unique-pairs.jsonl
expect_exit 0 gpt-dedup -q texts.jsonl --method embedding --threads 2
expect_same stdout unique.jsonl
expect_exit 0 gpt-dedup -q texts.jsonl --method embedding --cosine 0.999
expect_same stdout texts.jsonl

# Groups, each member with its cosine to the chosen one.
expect_exit 0 gpt-dedup -q vectors.jsonl --method embedding --vector-key v -o grouped.jsonl --groups groups.jsonl
expect_same grouped.jsonl out.jsonl
python3 - <<'PYTHON' || fail "other groups: $(cat groups.jsonl)"
import json
(group,) = [json.loads(line) for line in open("groups.jsonl")]
assert group["chosen"]["line"] == 1, group
assert [(member["line"], member["kept"]) for member in group["members"]] == [(1, True), (2, False), (3, False), (4, False)], group
assert abs(group["members"][1]["cosine"] - .97815) < 1e-4 and abs(group["members"][2]["cosine"] - .80902) < 1e-4, group
assert group["members"][3]["equal"] is True and "cosine" not in group["members"][3], group
PYTHON

# By the graph of FAISS, or a clear refusal where the build has none; auto compares so few each with each.
expect_exit 0 gpt-dedup -q texts.jsonl --method embedding --search auto --report auto.json
expect_same stdout unique.jsonl
grep -q '"search": *"exact"' auto.json || fail "auto does not compare 400 documents each with each"
if gpt-dedup --version | grep -q 'FAISS'; then
  for threads in 1 3; do
    expect_exit 0 gpt-dedup -q texts.jsonl --method embedding --search faiss --threads $threads --force -o faiss.jsonl \
      --pairs faiss-pairs.jsonl --report faiss.json
    expect_same faiss.jsonl unique.jsonl
    expect_same faiss-pairs.jsonl unique-pairs.jsonl
  done
  grep -q '"search": *"faiss"' faiss.json || fail "the report does not name the search"
  # Of 6,000 vectors, a fifth of them edits of others: nearly all pairs, the same cosines, and no others.
  python3 - <<'PYTHON'
import array, json, math, random
draw = random.Random(8)
count, dimensions, vectors = 6000, 32, []
for row in range(count):
    vector = [draw.gauss(0, 1) for _ in range(dimensions)]
    if row % 5 == 4:
        share = draw.uniform(0.1, 0.6) / math.sqrt(dimensions)
        vector = [a + share * b for a, b in zip(vectors[draw.randrange(row)], vector)]
    length = math.sqrt(sum(number * number for number in vector))
    vectors.append([number / length for number in vector])
header = "{'descr': '<f4', 'fortran_order': False, 'shape': (%d, %d), }\n" % (count, dimensions)
with open("many.npy", "wb") as out:
    out.write(b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode())
    for vector in vectors:
        array.array("f", vector).tofile(out)
with open("many.jsonl", "w") as out:
    out.writelines(json.dumps({"text": str(row)}) + "\n" for row in range(count))
PYTHON
  for search in exact faiss; do
    expect_exit 0 gpt-dedup -q many.jsonl --method embedding --vectors many.npy --search $search -o "many-$search.jsonl" \
      --pairs "many-$search.pairs"
  done
  exact=$(wc -l <many-exact.pairs)
  [ "$exact" -ge 700 ] || fail "only $exact pairs to be found"
  [ "$(comm -23 many-faiss.pairs many-exact.pairs | wc -l)" -eq 0 ] || fail "the graph finds pairs that are none"
  [ $(($(wc -l <many-faiss.pairs) * 100)) -ge $((exact * 98)) ] || fail "$(wc -l <many-faiss.pairs) of $exact pairs by the graph"
  echo "by the graph: $(wc -l <many-faiss.pairs) of $exact pairs"
else
  expect_exit 2 gpt-dedup texts.jsonl --method embedding --search faiss
  expect_stderr 'GPT_WITH_FAISS=ON'
fi

# What cannot be.
expect_exit 1 gpt-dedup -q vectors.jsonl --method embedding --vectors short.npy
expect_stderr 'short\.npy.* 6 vectors.* 7 documents'
expect_exit 1 gpt-dedup -q vectors.jsonl --method embedding --vectors vectors.jsonl
expect_stderr 'no NumPy array'
# refused FILE PATTERN: one message, no output.
refused() {
  expect_exit 1 gpt-dedup -q vectors.jsonl --method embedding --vectors "$1" -o refused.jsonl
  expect_stderr "$1: $2"
  [ "$(wc -l <stderr)" -eq 1 ] || fail "more than one message"
  expect_missing refused.jsonl
}
refused nan.npy 'row 4 \(the first is 0\) holds nan as number 1: .*finite'
refused inf.npy 'row 2 \(the first is 0\) holds -inf as number 2: .*finite'
refused wide.npy 'row 2 \(the first is 0\) holds inf as number 1: .*finite as float32'
refused cut.npy 'has 81 bytes of values, but its header speaks of 7 x 3 of 4 bytes: it was cut short'
refused big.npy "holds values of type '>f4': save it as little-endian"
refused columns.npy 'is stored by columns: save it by rows'
refused none.npy 'holds 0 vectors, but there are 7 documents'
printf '{"text":"a","v":[1,2]}\n{"text":"b","v":[1,1e39]}\n' >wide.jsonl
expect_exit 1 gpt-dedup -q wide.jsonl --method embedding --vector-key v
expect_stderr 'wide\.jsonl:2: the field "v" holds a number beyond those of float32'
printf '{"text":"a","v":[1,2]}\n{"text":"b","v":[1,NaN]}\n' >nan.jsonl
expect_exit 1 gpt-dedup -q nan.jsonl --method embedding --vector-key v
expect_stderr 'nan\.jsonl:2: '
expect_exit 1 gpt-dedup -q texts.jsonl --method embedding --vector-key v
expect_stderr 'texts\.jsonl:1: .*"v" is missing'
printf '{"text":"a","v":[1,2]}\n{"text":"b","v":[1]}\n' >uneven.jsonl
expect_exit 1 gpt-dedup -q uneven.jsonl --method embedding --vector-key v
expect_stderr 'uneven\.jsonl:2: .* 1 numbers.* 2'
printf 'a\nb\n' >lines.txt
expect_exit 1 gpt-dedup -q lines.txt --method embedding --vector-key v
expect_stderr 'lines\.txt'
expect_exit 2 gpt-dedup vectors.jsonl --cosine 0.5
expect_stderr '--method embedding'
expect_exit 2 gpt-dedup vectors.jsonl --method embedding --cosine 1.5
expect_exit 2 gpt-dedup vectors.jsonl --search exact
expect_stderr '--method embedding'
expect_exit 2 gpt-dedup vectors.jsonl --method embedding --search nearly
: >empty.jsonl
expect_exit 0 gpt-dedup -q empty.jsonl --method embedding
