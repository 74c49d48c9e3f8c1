#!/bin/sh
# gpt-clean --rank --world: the parts of an array job are the whole, whatever their number.
. "$GPT_SOURCE/tests/cli/lib.sh"

i=0
while [ $i -lt 200 ]; do
  printf '{"id":%d,"text":"mening  nummer %d om något"}\n' $i $((i * i * i * 7919))
  i=$((i + 1))
done >all.jsonl
expect_exit 0 gpt-clean all.jsonl -o whole.jsonl -q

# One plain file is cut at line ends; more parts than lines leave some empty.
for world in 2 7 300; do
  rank=0
  while [ $rank -lt $world ]; do
    gpt-clean all.jsonl -o part.jsonl --rank $rank --world $world -q || fail "rank $rank of $world"
    rank=$((rank + 1))
  done
  cat part.*-of-"$(printf %05d $world)".jsonl | cmp - whole.jsonl || fail "$world parts are not the whole"
  rm part.*
done

# Compressed files are shared whole, in order; so are files as many as the shards.
head -n 70 all.jsonl | gzip >a.jsonl.gz
tail -n +71 all.jsonl | head -n 50 >b.jsonl
tail -n +121 all.jsonl >c.jsonl
for world in 2 3 5; do
  rank=0
  while [ $rank -lt $world ]; do
    gpt-clean a.jsonl.gz b.jsonl c.jsonl -o out.jsonl.gz --rank $rank --world $world -q || fail "rank $rank of $world"
    rank=$((rank + 1))
  done
  cat out.*.jsonl.gz | gzip -dc | cmp - whole.jsonl || fail "$world parts of three files are not the whole"
  rm out.*
done

# A part that is there is left alone, unless forced; the report is a part as well.
expect_exit 0 gpt-clean all.jsonl -o part.jsonl --rank 3 --world 4 --report report.json
[ -s part.00003-of-00004.jsonl ] || fail "no part was written"
[ -s report.00003-of-00004.json ] || fail "no report of the part was written"
echo mine >part.00003-of-00004.jsonl
expect_exit 0 gpt-clean all.jsonl -o part.jsonl --rank 3 --world 4
expect_stderr 'part.00003-of-00004.jsonl is there already'
[ "$(cat part.00003-of-00004.jsonl)" = mine ] || fail "a finished part was written again"
expect_exit 0 gpt-clean all.jsonl -o part.jsonl --rank 3 --world 4 --force -q
[ "$(cat part.00003-of-00004.jsonl)" != mine ] || fail "--force did not write the part again"

# A stop between the commits of both leaves a part of --rejected alone: the same command goes on.
for pass in 1 2; do
  expect_exit 0 gpt-clean all.jsonl -o pair.jsonl --rejected gone.jsonl --min-chars 28 --rank 0 --world 2 -q
  cat pair.00000-of-00002.jsonl gone.00000-of-00002.jsonl >pair.$pass
  rm pair.00000-of-00002.jsonl
done
expect_same pair.1 pair.2

# Slurm's job array, which may count from 1.
SLURM_ARRAY_TASK_ID=4 SLURM_ARRAY_TASK_COUNT=4 SLURM_ARRAY_TASK_MIN=1 \
  expect_exit 0 gpt-clean all.jsonl -o array.jsonl --world auto -q
expect_same array.00003-of-00004.jsonl part.00003-of-00004.jsonl
unset SLURM_ARRAY_TASK_ID SLURM_ARRAY_TASK_COUNT SLURM_ARRAY_TASK_MIN

# A bad record in a range is named by the place it counts from.
sed '180s/.*/{broken/' all.jsonl >bad.jsonl
expect_exit 1 gpt-clean bad.jsonl -o bad.out.jsonl --rank 1 --world 2
expect_stderr 'bad.jsonl \(from byte [0-9]+\):[0-9]+: '
expect_missing bad.out.00001-of-00002.jsonl

expect_exit 2 gpt-clean all.jsonl --rank 2 --world 2
expect_exit 2 gpt-clean all.jsonl --rank 0
expect_exit 2 gpt-clean all.jsonl --world auto
expect_stderr 'SLURM_ARRAY_TASK_ID'
expect_exit 2 gpt-clean - --rank 0 --world 2
