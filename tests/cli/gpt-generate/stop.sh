#!/bin/sh
# A stop is obeyed between two tokens: exit code 75, and no part of an output.
. "$GPT_SOURCE/tests/cli/lib.sh"
model=$GPT_SOURCE/tests/data/gpt2/plain
for signal in TERM INT USR1; do
  # Through a pipe that stays open, so that it waits for prompts or generates, but never ends by itself.
  mkfifo prompts
  gpt-generate --load "$model" --input prompts -o out.txt 2>stderr &
  tool=$!
  exec 3>prompts
  echo 'Den gamla' >&3
  tries=0
  while [ -z "$(ls out.txt.tmp-* 2>/dev/null)" ]; do
    tries=$((tries + 1))
    [ $tries -lt 200 ] || fail "it never began"
    sleep 0.05
  done
  kill -s "$signal" "$tool"
  wait "$tool"
  seen=$?
  exec 3>&-
  rm -f prompts
  [ $seen -eq 75 ] || fail "SIG$signal: exit code $seen"
  expect_stderr 'stopped on request'
  expect_missing out.txt
done
gpt-generate --load "$model" --num-samples 10000000 -o many.jsonl 2>stderr &
tool=$!
sleep 1
kill -s TERM "$tool"
wait "$tool"
[ $? -eq 75 ] || fail "SIGTERM while it generates: another exit code"
expect_missing many.jsonl
