#!/bin/sh
# What is the same in the tools that pass documents on: pipes, compression, precedence, existing outputs, stops.
. "$GPT_SOURCE/tests/cli/lib.sh"
data=$GPT_SOURCE/tests/data/documents.jsonl

for tool in gpt-clean gpt-dedup; do
  rm -rf ./*.jsonl ./*.gz ./*.zst ./*.json
  # A file, a pipe, and compressed inputs and outputs hold the same documents, whatever the threads.
  expect_exit 0 "$tool" "$data" -o file.jsonl -q
  expect_quiet
  expect_same stdout /dev/null
  [ -s file.jsonl ] || fail "$tool kept nothing"
  expect_exit 0 "$tool" - -q --threads 4 <"$data"
  expect_quiet
  expect_same stdout file.jsonl
  gzip -c "$data" >in.gz
  expect_exit 0 "$tool" in.gz -o out.jsonl.gz -q
  gzip -dc out.jsonl.gz >unpacked.jsonl
  expect_same unpacked.jsonl file.jsonl
  expect_exit 0 "$tool" out.jsonl.gz -o out.jsonl.zst -q
  expect_exit 0 "$tool" out.jsonl.zst -q
  expect_same stdout file.jsonl

  # Quiet says nothing, and so does a batch log in its first seconds but for the closing line.
  expect_exit 0 "$tool" "$data" -o again.jsonl --progress off --log-level warning
  expect_quiet

  # An existing output is refused, and replaced with --force or GPT_FORCE.
  expect_exit 1 "$tool" "$data" -o file.jsonl
  expect_stderr 'file.jsonl: exists already; --force replaces it'
  echo old >file.jsonl
  expect_exit 0 "$tool" "$data" -o file.jsonl -q --force
  expect_same file.jsonl again.jsonl
  expect_exit 0 env GPT_FORCE=1 "$tool" "$data" -o file.jsonl -q

  # A report is valid JSON with the fields that all tools have, in any place an option can come from.
  echo 'report = "from-file.json"' >run.toml
  expect_exit 0 "$tool" "$data" -o /dev/null -q --config run.toml
  expect_exit 0 env GPT_REPORT=from-environment.json "$tool" "$data" -o /dev/null -q --config run.toml
  expect_exit 0 env GPT_REPORT=lost.json "$tool" "$data" -o /dev/null -q --config run.toml --report from-flag.json
  [ ! -e lost.json ] || fail "the environment won over the flag"
  for report in from-file.json from-environment.json from-flag.json; do
    python3 - "$report" "$tool" <<'END' || fail "$report is not as docs/formats/report.md says"
import json, sys
report = json.load(open(sys.argv[1], encoding="utf-8"))
keys = list(report)
assert report["tool"] == sys.argv[2] and keys[0] == "tool" and keys[1] == "version" and keys[-1] == "peak_memory_bytes"
assert report["documents_in"] >= report["documents_out"] > 0 and report["bad_records"] == 0
assert report["seconds"] >= 0 and report["peak_memory_bytes"] > 10**6 and report["inputs"]
END
  done

  # A reader that has had enough ends the tool quietly.
  i=0
  while [ $i -lt 200 ]; do
    cat "$data"
    i=$((i + 1))
  done | sed 's/"text":"/&'"$tool"' /' >many.jsonl
  { "$tool" many.jsonl -q 2>stderr || echo $? >code; } | head -n 1 >first
  [ "$(wc -l <first)" -eq 1 ] || fail "$tool | head -n 1 gave no line"
  expect_quiet

  # A damaged input: one message with the file's name, no output under any name.
  head -c 300 in.gz >cut.gz
  expect_exit 1 "$tool" cut.gz -o none.jsonl
  expect_stderr 'cut.gz: gzip data ends early'
  expect_missing none.jsonl
  expect_exit 1 "$tool" missing.jsonl -o none.jsonl
  expect_stderr 'missing.jsonl: cannot open: No such file or directory'
  expect_missing none.jsonl

  # A stop while it waits for input: exit code 75, no output, and the wait ends at once.
  mkfifo pipe
  "$tool" pipe -o none.jsonl -q 2>stderr &
  pid=$!
  exec 9>pipe # opens when the tool reads
  kill -TERM $pid
  wait $pid
  [ $? -eq 75 ] || fail "$tool stopped on request does not exit with 75"
  exec 9>&-
  rm pipe
  expect_missing none.jsonl
done
