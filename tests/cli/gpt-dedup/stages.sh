#!/bin/sh
# gpt-dedup in stages: the same bytes as in one go, however many shares and threads; killed, resumed, full disk.
. "$GPT_SOURCE/tests/cli/lib.sh"

# Families of texts with growing edits, repeated lines, blank lines and capitals; in two files.
awk 'BEGIN {
  srand(5)
  for (i = 0; i < 300; ++i) {
    words = ""
    for (j = 0; j < 60; ++j) words = words sprintf("%x ", int(rand() * 1048576))
    for (k = 0; k < 4; ++k) {
      text = words
      for (e = 0; e < k * k; ++e) { at = 1 + int(rand() * length(text)); text = substr(text, 1, at - 1) "-" substr(text, at + 1) }
      if (i % 7 == 0 && k == 1) text = toupper(words)
      printf "{\"id\":%d,\"q\":%d,\"text\":\"%s\"}\n", i * 4 + k, int(rand() * 100), text
      if (i % 50 == 0) print ""
    }
  }
}' >sorted.jsonl
awk '{ print (NR * 7919) % 1201, $0 }' sorted.jsonl | sort -n | cut -d' ' -f2- >all.jsonl
head -n 500 all.jsonl >a.jsonl
tail -n +501 all.jsonl >b.jsonl

# staged FOLDER SHARES PAIRS THREADS [SIGNATURES-OPTION...]: runs all stages on a.jsonl and b.jsonl; what is kept lands
# in FOLDER.jsonl, the groups in FOLDER.groups, all pairs in FOLDER.pairs, the report of the third stage in FOLDER.report.
# Options of pairs and groups come in $pairs_options, $groups_options.
pairs_options=
groups_options=
inputs='a.jsonl b.jsonl'
staged() {
  folder=$1 shares=$2 tasks=$3 threads=$4
  shift 4
  rank=0
  while [ $rank -lt "$shares" ]; do
    expect_exit 0 gpt-dedup signatures $inputs --work "$folder" --rank $rank --world "$shares" -q --threads "$threads" "$@"
    rank=$((rank + 1))
  done
  rank=0
  while [ $rank -lt "$tasks" ]; do
    expect_exit 0 gpt-dedup pairs --work "$folder" --rank $rank --world "$tasks" -q --threads "$threads" --all-pairs $pairs_options
    rank=$((rank + 1))
  done
  expect_exit 0 gpt-dedup groups --work "$folder" --list "$folder.groups" --pairs "$folder.pairs" \
    --report "$folder.report" -q $groups_options
  rank=0
  while [ $rank -lt "$shares" ]; do
    expect_exit 0 gpt-dedup filter --work "$folder" -o "$folder-part.jsonl" --rank $rank --world "$shares" -q
    rank=$((rank + 1))
  done
  if [ "$shares" -eq 1 ]; then cat "$folder-part.jsonl"; else cat "$folder"-part.*-of-*.jsonl; fi >"$folder.jsonl"
}

# expect_same_run A B: the same documents are kept, in the same groups, of the same pairs, and counted alike.
expect_same_run() {
  for kind in jsonl groups pairs; do expect_same "$1.$kind" "$2.$kind"; done
  python3 - "$1.report" "$2.report" <<'PYTHON' || fail "$1.report and $2.report count differently"
import json, sys
names = ["documents_in", "documents_out", "documents_against", "bytes_in", "bad_records", "reasons", "compared_pairs"]
first, second = ([json.load(open(name))[key] for key in names] for name in sys.argv[1:])
sys.exit(None if first == second else f"{first}\n{second}")
PYTHON
}

# The kept documents, the groups, the pairs and the counts of one go are those of 1, 3 and 5 shares.
whole() {
  name=$1
  shift
  expect_exit 0 gpt-dedup -q -o "$name.jsonl" --groups "$name.groups" --pairs "$name.pairs" --report "$name.report" "$@"
}
whole whole a.jsonl b.jsonl
[ "$(wc -l <whole.jsonl)" -gt 300 ] || fail "only $(wc -l <whole.jsonl) kept"
[ "$(wc -l <whole.jsonl)" -lt 900 ] || fail "$(wc -l <whole.jsonl) kept"
grep -q '"equal":true' whole.pairs || fail 'no equal documents among the pairs'
[ "$(grep -c jaccard whole.pairs)" -gt 300 ] || fail 'few pairs'
staged one 1 1 1
expect_same_run one whole
staged three 3 2 2
expect_same_run three whole
staged five 5 4 1
expect_same_run five whole
# Without --all-pairs the pairs files are shorter, and no list can be made of them.
mkdir few
cp one/signatures.* few
expect_exit 0 gpt-dedup pairs --work few -q
[ "$(wc -c <few/pairs.00000-of-00001)" -lt "$(wc -c <one/pairs.00000-of-00001)" ] || fail 'no shorter'
expect_exit 1 gpt-dedup groups --work few --pairs few.pairs -q
expect_stderr 'few: its pairs files do not hold every pair.*--all-pairs'
expect_missing few.pairs
expect_exit 0 gpt-dedup groups --work few -q
gpt-dedup filter --work few -o few.jsonl -q || fail "exit code $?"
expect_same few.jsonl whole.jsonl
gpt-dedup filter --work five -o joined.jsonl -q || fail "exit code $?"
expect_same joined.jsonl whole.jsonl

# 800 bytes a document on disk at the most, at the defaults.
documents=$(grep -c . all.jsonl)
bytes=$(cat few/* | wc -c)
[ "$bytes" -le $((documents * 800)) ] || fail "$bytes bytes for $documents documents"

# Compressed inputs, other settings, references, scores.
gzip -k a.jsonl b.jsonl
inputs='a.jsonl.gz b.jsonl.gz'
staged packed 2 2 2
expect_same packed.jsonl whole.jsonl
sed 's/[.]gz"/"/g' packed.pairs >unpacked.pairs
expect_same unpacked.pairs whole.pairs
inputs='a.jsonl b.jsonl'
whole longest a.jsonl b.jsonl --keep longest --priority b.jsonl --word-ngram 2 --seeds 60 --bands 20 --threshold 0.6 --no-verify
pairs_options='--threshold 0.6 --no-verify'
groups_options='--priority b.jsonl'
staged words 3 3 1 --keep longest --word-ngram 2 --seeds 60 --bands 20
expect_same_run words longest
pairs_options=
groups_options=--across-only
whole across b.jsonl --against a.jsonl --across-only --keep-field q
inputs=b.jsonl
staged against 3 2 1 --against a.jsonl --keep-field q
expect_same_run against across
# Buckets too large to be compared each with each.
awk 'BEGIN { for (i = 0; i < 300; ++i) printf "{\"text\":\"by using this site you agree to the terms of its use, which are on page %d\"}\n", i * i }' >notices.jsonl
whole noted notices.jsonl --bands 50
[ "$(wc -l <noted.pairs)" -gt 300 ] || fail "only $(wc -l <noted.pairs) pairs"
[ "$(wc -l <noted.pairs)" -lt 40000 ] || fail 'all were compared with all'
inputs=notices.jsonl
groups_options=
staged notices 3 4 2 --bands 50
expect_same_run notices noted
inputs='a.jsonl b.jsonl'

# A share without a document goes through all stages: no input has one, or there are more shares than inputs.
: >nothing.jsonl
groups_options=
for keep in '--keep first' '--keep longest' '--keep-field q'; do
  rm -rf hollow* sparse*
  inputs=nothing.jsonl
  staged hollow 1 1 1 $keep
  expect_same hollow.jsonl nothing.jsonl
  inputs='a.jsonl.gz nothing.jsonl b.jsonl.gz'
  staged sparse 4 2 1 $keep
  gpt-dedup -q a.jsonl b.jsonl $keep -o sparse-whole.jsonl || fail "exit code $?"
  expect_same sparse.jsonl sparse-whole.jsonl
done
inputs='a.jsonl b.jsonl'

# What is missing or does not fit is named.
expect_exit 1 gpt-dedup pairs --work nowhere
expect_stderr 'nowhere: cannot read the folder'
mkdir empty
expect_exit 1 gpt-dedup pairs --work empty
expect_stderr 'holds no signatures files: run gpt-dedup signatures first'
expect_exit 0 gpt-dedup signatures a.jsonl --work part --rank 1 --world 2 -q
expect_exit 1 gpt-dedup pairs --work part
expect_stderr 'signatures.00000-of-00002: is missing: run gpt-dedup signatures with --rank 0 --world 2'
expect_exit 0 gpt-dedup signatures a.jsonl --work part --rank 0 --world 2 -q --seeds 50 --bands 10
expect_exit 1 gpt-dedup pairs --work part
expect_stderr 'signatures.00001-of-00002: was made with --seeds 100, not --seeds 50 as part/signatures.00000-of-00002'
expect_exit 1 gpt-dedup groups --work three
expect_stderr 'three/kept.*--force'
head -c 5000 three/signatures.00001-of-00003 >damaged
cp -r three broken
cp damaged broken/signatures.00001-of-00003
expect_exit 1 gpt-dedup pairs --work broken --force
expect_stderr 'signatures.00001-of-00003: is damaged or cut short: run its stage again'

# What was made of other signature files is refused, though there are as many documents.
mkdir changed
printf '{"text":"the first of all texts"}\n{"text":"the first of all texts"}\n{"text":"third"}\n' >changed/in.jsonl
for stage in "signatures changed/in.jsonl" pairs groups; do expect_exit 0 gpt-dedup $stage --work changed/w -q; done
cp changed/in.jsonl changed/before.jsonl
printf '{"text":"the first of all texts"}\n{"text":"now something else"}\n{"text":"third"}\n' >changed/in.jsonl
expect_exit 0 gpt-dedup signatures changed/in.jsonl --work changed/w -q --force
expect_exit 1 gpt-dedup groups --work changed/w -q --force
expect_stderr 'pairs.00000-of-00001: was made of other signature files .*: run gpt-dedup pairs again'
expect_exit 1 gpt-dedup filter --work changed/w -q -o changed/out.jsonl
expect_stderr 'kept: was made of other signature files .*: run gpt-dedup pairs and groups again'
expect_missing changed/out.jsonl
# The same signatures again make what follows no older.
cp changed/before.jsonl changed/in.jsonl
expect_exit 0 gpt-dedup signatures changed/in.jsonl --work changed/w -q --force
expect_exit 0 gpt-dedup filter --work changed/w -q -o changed/out.jsonl
[ "$(wc -l <changed/out.jsonl)" -eq 2 ] || fail "$(wc -l <changed/out.jsonl) kept"

# An input that changed since is refused: of the same size and number of lines, or longer.
sed 's/third/fourt/' changed/before.jsonl >changed/in.jsonl
rm changed/out.jsonl
for stage in 'pairs --force' 'groups --force --list changed/out.jsonl' 'filter -o changed/out.jsonl'; do
  expect_exit 1 gpt-dedup $stage --work changed/w -q
  expect_stderr 'in.jsonl: changed after it was first read'
  expect_missing changed/out.jsonl
done
# What reads no text needs none.
expect_exit 0 gpt-dedup groups --work changed/w -q --force
for rank in 0 1; do expect_exit 0 gpt-dedup signatures a.jsonl b.jsonl --work changed/two --rank $rank --world 2 -q; done
cp b.jsonl b.before
sed 's/7/8/' b.before >b.jsonl
expect_exit 0 gpt-dedup pairs --work changed/two --rank 0 --world 2 -q
expect_exit 1 gpt-dedup pairs --work changed/two --rank 1 --world 2 -q
expect_stderr 'b.jsonl: changed after it was first read'
mv b.before b.jsonl
gzip -c changed/before.jsonl >changed/in.jsonl.gz
expect_exit 0 gpt-dedup signatures changed/in.jsonl.gz --work changed/packed -q
sed 's/third/drith/' changed/before.jsonl | gzip -c >changed/in.jsonl.gz
expect_exit 1 gpt-dedup pairs --work changed/packed -q
expect_stderr 'in.jsonl.gz: (changed after it was first read|has [0-9]+ bytes)'
{ cat changed/before.jsonl && echo '{"text":"appended"}'; } >changed/in.jsonl
for stage in 'pairs --force' 'groups --force' 'filter -o changed/out.jsonl'; do
  expect_exit 1 gpt-dedup $stage --work changed/w -q
  expect_stderr 'in.jsonl: has [0-9]+ bytes, but had [0-9]+ for gpt-dedup signatures'
done
expect_missing changed/out.jsonl
cp changed/before.jsonl changed/in.jsonl

# Only what dead processes left behind goes, and only once the output is known to be free.
sh -c 'echo $$' >dead
for end in notes "$(cat dead)" $$; do echo mine >"changed/out.jsonl.tmp-$end"; done
echo there >changed/out.jsonl
expect_exit 1 gpt-dedup filter --work changed/w -q -o changed/out.jsonl
[ -e "changed/out.jsonl.tmp-$(cat dead)" ] || fail 'a refused run removed something'
expect_exit 0 gpt-dedup filter --work changed/w -q -o changed/out.jsonl --force
[ ! -e "changed/out.jsonl.tmp-$(cat dead)" ] || fail 'what a dead process left is still there'
[ -e changed/out.jsonl.tmp-notes ] || fail 'a file of the user is gone'
[ -e changed/out.jsonl.tmp-$$ ] || fail 'the temporary of a live process is gone'

# Flipped bits in the middle of a file are an error of every stage that reads them.
size=$(wc -c <changed/w/signatures.00000-of-00001)
cp changed/w/signatures.00000-of-00001 whole-signatures
for at in 20 700 $((size / 2)) $((size - 4)); do
  cp whole-signatures changed/w/signatures.00000-of-00001
  printf '\377' | dd of=changed/w/signatures.00000-of-00001 bs=1 seek="$at" conv=notrunc 2>/dev/null
  expect_exit 1 gpt-dedup pairs --work changed/w -q --force
  expect_stderr 'signatures.00000-of-00001: is damaged'
done
expect_exit 2 gpt-dedup filter --work three -o x.jsonl --rank 0 --world 2
expect_exit 2 gpt-dedup signatures - --work x

# --resume leaves what the same command would make again; what was made of other things is named, and stays.
resumed() { expect_exit 0 gpt-dedup "$@" --work again --resume; }
# refuses_to_resume PATTERN STAGE OPTION...
refuses_to_resume() {
  pattern=$1
  shift
  cp -r again as-it-was
  expect_exit 1 gpt-dedup "$@" --work again --resume -q
  expect_stderr "$pattern.*give --force in place of --resume"
  diff -r again as-it-was || fail "a refused stage changed its folder"
  rm -r as-it-was
}
printf '{"text":"the first of all the texts"}\n{"text":"the first of all the text"}\n' >small.jsonl
cp small.jsonl other.jsonl
for stage in 'signatures small.jsonl' pairs groups 'filter -o again.jsonl'; do
  resumed $stage
  resumed $stage
  expect_stderr 'is there already$'
done
there='signatures.00000-of-00001: is there already, but was made with'
refuses_to_resume "$there --seeds 100, not --seeds 60:" signatures small.jsonl --seeds 60
refuses_to_resume "$there --char-ngram 5, not --word-ngram 2:" signatures small.jsonl --word-ngram 2
refuses_to_resume "$there --keep first, not --keep longest:" signatures small.jsonl --keep longest
refuses_to_resume "$there the input small.jsonl .*, not the input other.jsonl" signatures other.jsonl
refuses_to_resume "$there no more, not the input other.jsonl" signatures small.jsonl other.jsonl
refuses_to_resume "$there the input small.jsonl .*, not --against small.jsonl" signatures --against small.jsonl other.jsonl
printf '{"text":"more"}\n' >>small.jsonl
refuses_to_resume "$there .*jsonl, 75 bytes\), not .*jsonl, 91 bytes\)" signatures small.jsonl
cp other.jsonl small.jsonl
there='pairs.00000-of-00001: is there already, but was made with'
refuses_to_resume "$there --threshold 0.8, not --threshold 0.3:" pairs --threshold 0.3
refuses_to_resume "$there the check --verify, not the check --no-verify:" pairs --no-verify
there='kept: is there already, but was made with'
refuses_to_resume "$there --across-only false, not --across-only true:" groups --across-only
refuses_to_resume "$there no more, not --priority small.jsonl:" groups --priority small.jsonl
there='again.jsonl: is there already, but was made with'
expect_exit 0 gpt-dedup pairs --work again --threshold 0.3 --force -q
refuses_to_resume 'kept: is there already, but was made with the pair files [0-9a-f]+, not the pair files' groups
resumed pairs --threshold 0.3
expect_exit 0 gpt-dedup groups --work again --force -q
refuses_to_resume "$there the kept file [0-9a-f]+, not the kept file" filter -o again.jsonl
expect_exit 0 gpt-dedup filter --work again -o again.jsonl --force -q
resumed filter -o again.jsonl
refuses_to_resume 'one.jsonl: is there already, but gpt-dedup filter did not make it of this folder' filter -o one.jsonl
expect_exit 0 gpt-dedup signatures small.jsonl --work again --seeds 40 --force -q
refuses_to_resume 'pairs.*: is there already, but was made with the signature files' pairs --threshold 0.3
rm again/kept
expect_exit 1 gpt-dedup filter --work again -o again.jsonl --force -q
expect_stderr 'again/kept: is not there: run gpt-dedup groups first'

# Killed while it writes: nothing lies under the final name; what was left goes in the next run; --resume passes over
# what is whole.
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do cat all.jsonl; done | awk '{ sub(/"text":"/, "&" NR " "); print }' >large.jsonl
gpt-dedup signatures large.jsonl --work killed -q &
pid=$!
tries=0
until ls killed/signatures.*.tmp-* >/dev/null 2>&1 || [ $tries -gt 500 ]; do tries=$((tries + 1)); sleep 0.01; done
kill -9 $pid 2>/dev/null
wait $pid 2>/dev/null
if [ ! -e killed/signatures.00000-of-00001 ]; then
  expect_exit 1 gpt-dedup pairs --work killed -q
fi
expect_exit 0 gpt-dedup signatures large.jsonl --work killed -q --resume
expect_exit 0 gpt-dedup signatures large.jsonl --work calm -q
expect_same killed/signatures.00000-of-00001 calm/signatures.00000-of-00001
[ "$(ls killed)" = signatures.00000-of-00001 ] || fail "left behind: $(ls killed)"
expect_exit 0 gpt-dedup signatures large.jsonl --work killed --resume
expect_stderr 'is there already'
gpt-dedup pairs --work killed -q &
pid=$!
sleep 0.05
kill -TERM $pid 2>/dev/null
wait $pid
seen=$?
[ $seen -eq 75 ] || [ $seen -eq 0 ] || fail "exit code $seen after SIGTERM"
expect_exit 0 gpt-dedup pairs --work killed -q --resume
expect_exit 0 gpt-dedup pairs --work calm -q
expect_same killed/pairs.00000-of-00001 calm/pairs.00000-of-00001

# A full disk: a message, and nothing under the final name.
full() { sh -c 'trap "" XFSZ; ulimit -f "$1"; shift; exec "$@"' full "$@"; }
expect_exit 1 full 100 gpt-dedup signatures large.jsonl --work full -q
expect_stderr 'full/signatures.00000-of-00001.*(File too large|No space)'
[ -z "$(ls full)" ] || fail "left behind: $(ls full)"
expect_exit 1 full 100 gpt-dedup large.jsonl -o full.jsonl -q
expect_missing full.jsonl
expect_exit 1 full 100 gpt-dedup --method exact large.jsonl -o full.jsonl -q
expect_missing full.jsonl
