#!/bin/sh
# gpt-bpe-train: stopped while it trains it keeps its counts, and the same command takes them up.
. "$GPT_SOURCE/tests/cli/lib.sh"

# Words enough for some seconds of training.
awk 'BEGIN { srand(3); for (i = 0; i < 60000; ++i) { line = ""; for (w = 0; w < 8; ++w) { word = "";
  for (c = 0; c < 9; ++c) word = word sprintf("%c", 97 + int(26 * rand() * rand())); line = line " " word } print line } }' \
  >words.txt

# stop_in_training: sends SIGTERM once the counting is over.
stop_in_training() {
  gpt-bpe-train words.txt -o v --vocab-size 60000 -v >stdout 2>stderr &
  process=$!
  tries=0
  until grep -q 'distinct words are counted' stderr; do
    tries=$((tries + 1))
    [ $tries -lt 600 ] || fail "the counting does not end"
    sleep 0.05
  done
  kill -TERM $process
  wait $process
  [ $? -eq 75 ] || fail "a stopped run does not end with 75"
}
stop_in_training
expect_stderr 'the word counts are kept in v/.counts'
[ ! -e v/vocab.json ] || fail "half a vocabulary was written"

expect_exit 0 gpt-bpe-train words.txt -o v --vocab-size 400
expect_stderr 'taking up the counts of the interrupted run'
[ ! -e v/.counts ] || fail "the counts are kept although they are used up"
expect_exit 0 gpt-bpe-train words.txt -o fresh --vocab-size 400 -q
expect_same v/vocab.json fresh/vocab.json
expect_same v/tokenizer.json fresh/tokenizer.json

# Counts of other options, of a changed input, and damaged ones are not used.
rm -r v
stop_in_training
cp v/.counts kept
expect_exit 0 gpt-bpe-train words.txt -o v --vocab-size 300 --unit document
expect_stderr 'v/.counts is of other inputs or options: counting anew'
rm -r v && mkdir v && head -c 10000 kept >v/.counts
expect_exit 0 gpt-bpe-train words.txt -o v --vocab-size 400
expect_stderr 'cut short: counting anew'
expect_same v/vocab.json fresh/vocab.json
rm -r v && mkdir v && cp kept v/.counts && echo more >>words.txt
expect_exit 0 gpt-bpe-train words.txt -o v --vocab-size 300
expect_stderr 'counting anew'
