#!/bin/sh
# The stages of gpt-dedup killed at any point and started again, and stopped by a full disk: what lies under a final name
# is whole, nothing else stays, and the end is that of a calm run.
. "$GPT_SOURCE/tests/cli/lib.sh"

awk 'BEGIN {
  srand(9)
  for (i = 0; i < 6000; ++i) {
    if (i % 3 == 0) { words = ""; for (j = 0; j < 60; ++j) words = words sprintf("%x ", int(rand() * 1048576)) }
    text = words
    if (i % 3 == 1) { at = 1 + int(rand() * length(text)); text = substr(text, 1, at - 1) "-" substr(text, at + 1) }
    printf "{\"id\":%d,\"text\":\"%s\"}\n", i, text
  }
}' >in.jsonl

# stages FOLDER: all of them, two shares each; files that are there stay.
cat >stages <<'SH'
for rank in 0 1; do gpt-dedup signatures in.jsonl --work "$1" --rank $rank --world 2 --resume -q || exit; done
for rank in 0 1; do gpt-dedup pairs --work "$1" --rank $rank --world 2 --all-pairs --resume -q || exit; done
gpt-dedup groups --work "$1" --list "$1/groups.jsonl" --pairs "$1/pairs.jsonl" --resume -q || exit
for rank in 0 1; do gpt-dedup filter --work "$1" -o "$1/out.jsonl" --rank $rank --world 2 --resume -q || exit; done
SH
begin=$(date +%s%N)
expect_exit 0 sh stages calm
length=$((($(date +%s%N) - begin) / 1000000))
[ "$(cat calm/out.*.jsonl | wc -l)" -eq 2000 ] || fail "$(cat calm/out.*.jsonl | wc -l) of 6000 are kept"
gpt-dedup -q in.jsonl -o whole.jsonl || fail "exit code $?"
cat calm/out.*.jsonl | cmp - whole.jsonl || fail 'the stages keep something else'

# expect_whole: every file under a final name is that of the calm run.
expect_whole() {
  for file in killed/*; do
    case $file in *'*' | *.tmp-*) continue ;; esac
    cmp "$file" "calm/${file#killed/}" || fail "$file is there and not whole"
  done
}

# Killed 30 times, now here, now there. A run goes on where the one before it came to, so every third begins anew.
awk -v n="$length" 'BEGIN { srand(4); for (i = 0; i < 30; ++i) printf "%.3f\n", 0.6 * rand() * n / 1000 }' >delays
turn=0
unfinished=0
while read -r delay; do
  [ $((turn % 3)) -ne 0 ] || rm -rf killed
  turn=$((turn + 1))
  setsid sh stages killed >/dev/null 2>&1 &
  pid=$!
  sleep "$delay"
  kill -9 -$pid 2>/dev/null
  wait $pid 2>/dev/null
  tries=0
  while kill -0 -$pid 2>/dev/null && [ $tries -lt 500 ]; do tries=$((tries + 1)); sleep 0.01; done
  expect_whole
  [ -e killed/out.00001-of-00002.jsonl ] || unfinished=$((unfinished + 1))
done <delays
[ $unfinished -ge 3 ] || fail "only $unfinished of 30 runs were killed before their end"
expect_exit 0 sh stages killed
expect_whole
[ "$(ls killed)" = "$(ls calm)" ] || fail "left behind: $(ls killed)"
# A list that a kill came before is made by the run that goes on, and only that.
rm killed/pairs.jsonl
expect_exit 0 sh stages killed
expect_whole
[ "$(ls killed)" = "$(ls calm)" ] || fail "not made again: $(ls killed)"

# full COMMAND...: files may not grow beyond 512 bytes (or 1024, as the shell counts).
full() { sh -c 'trap "" XFSZ; ulimit -f 1; exec "$@"' full "$@"; }
# refused FILE COMMAND...: the disk is full; nothing lies under the file's name, nor a temporary.
refused() {
  file=$1
  shift
  expect_exit 1 "$@"
  expect_stderr "${file}.*: .*(File too large|No space left)"
  expect_missing "$file"
}
mkdir full
refused full/signatures.00000-of-00001 full gpt-dedup signatures in.jsonl --work full -q
expect_exit 0 gpt-dedup signatures in.jsonl --work full -q
refused full/pairs.00000-of-00001 full gpt-dedup pairs --work full -q
expect_exit 0 gpt-dedup pairs --work full --all-pairs -q
refused full/groups.jsonl full gpt-dedup groups --work full --list full/groups.jsonl -q
refused full/pairs.jsonl full gpt-dedup groups --work full --pairs full/pairs.jsonl -q
expect_missing full/kept
expect_exit 0 gpt-dedup groups --work full -q
refused full/out.jsonl full gpt-dedup filter --work full -o full/out.jsonl -q
# The texts of compressed inputs are copied.
gzip -k in.jsonl
expect_exit 0 gpt-dedup signatures in.jsonl.gz --work packed -q
expect_exit 1 full gpt-dedup pairs --work packed -q
expect_stderr 'File too large|No space left'
expect_missing packed/pairs.00000-of-00001

# A disk that is full in earnest, where this user may make one: it goes with the process that has it.
on_disk() {
  unshare --mount sh -c 'mount -t tmpfs -o size="$1" tmpfs tiny && shift && cp -r full/. tiny && exec sh -c "$@"' on "$@"
}
mkdir tiny
if ! unshare --mount mount -t tmpfs -o size=64k tmpfs tiny 2>/dev/null; then
  echo 'SKIPPED: no tmpfs can be mounted here, so only limited files stand for a full disk'
  exit 0
fi
bytes=$(du -sk full | cut -f1)
rm full/kept
for stage in 'signatures in.jsonl --force' 'pairs --all-pairs --force' 'groups --list tiny/groups.jsonl --pairs tiny/pairs.jsonl' \
  'filter -o tiny/out.jsonl'; do
  [ "${stage%% *}" != filter ] || expect_exit 0 gpt-dedup groups --work full -q
  expect_exit 0 on_disk $((bytes + 8))k 'ls -l --time-style=+ tiny >before
    gpt-dedup $1 --work tiny -q 2>message; echo $? >code; ls -l --time-style=+ tiny >after; true' stage "$stage"
  [ "$(cat code)" -eq 1 ] || fail "exit code $(cat code) on a full disk: $stage"
  grep -q 'No space left' message || fail "$stage says $(cat message)"
  diff before after || fail "$stage changed what lies on the full disk"
done
