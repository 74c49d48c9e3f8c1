#!/bin/sh
# gpt-dedup: one clear message, the right exit code, and nothing under the final name.
. "$GPT_SOURCE/tests/cli/lib.sh"

# refused PATTERN ARGUMENT...: exit code 1, one line on stderr that matches, no output.
refused() {
  pattern=$1
  shift
  expect_exit 1 gpt-dedup --progress off "$@" -o out.jsonl
  expect_stderr "$pattern"
  [ "$(wc -l <stderr)" -eq 1 ] || fail "more than one message"
  expect_missing out.jsonl
}

printf '{"text":"one"}\n{"text":"two"}\n' >good.jsonl
printf '{"text":"one"}\n{"text":"two"\n{"text":"three"}\n' >broken.jsonl
printf '{"text":"one"}\n{"title":"two"}\n' >fieldless.jsonl
printf '{"text":"one"}\n{"text":7}\n' >number.jsonl
printf '{"text":"one"}\n{"text":"\377\376"}\n' >latin.jsonl
printf 'one\n\377\376\n' >latin.txt
gzip -c good.jsonl | head -c 20 >cut.jsonl.gz
: >empty.jsonl

refused 'missing\.jsonl: cannot open: No such file' missing.jsonl
refused 'missing\.jsonl: cannot open: No such file' good.jsonl missing.jsonl
mkdir folder
refused 'folder.*directory' folder
refused 'broken\.jsonl:2: ' good.jsonl broken.jsonl
refused 'fieldless\.jsonl:2: .*"text"' fieldless.jsonl
refused 'number\.jsonl:2: .*no string' number.jsonl
refused 'latin\.jsonl:2: ' latin.jsonl
refused 'latin\.txt:2: .*UTF-8' latin.txt
refused 'cut\.jsonl\.gz' cut.jsonl.gz
printf '{"text":\n' >line.jsonl
expect_exit 1 sh -c 'gpt-dedup - -o out.jsonl <line.jsonl'
expect_stderr 'stdin:1: '
refused 'no-such-folder.*--temporary-folder' good.jsonl --temporary-folder no-such-folder -- -

# Skipping goes on, says how many, and counts them in the report.
expect_exit 0 gpt-dedup broken.jsonl fieldless.jsonl --on-error skip -o skipped.jsonl --report skipped.json
expect_stderr 'skipped 2 .*broken\.jsonl:2'
printf '{"text":"one"}\n{"text":"three"}\n' >expected
expect_same skipped.jsonl expected
grep -q '"bad_records":2' skipped.json || fail "the report does not count them"

# No document is no error.
expect_exit 0 gpt-dedup -q empty.jsonl -o none.jsonl
expect_quiet
expect_same none.jsonl empty.jsonl

# A full disk.
if [ -e /dev/full ]; then
  expect_exit 1 gpt-dedup good.jsonl -o /dev/full
  expect_stderr '/dev/full.*No space'
fi

# A stop while it waits: exit code 75, nothing left.
mkfifo slow
(cat good.jsonl; exec sleep 20) >slow &
writer=$!
gpt-dedup slow -o out.jsonl 2>stderr &
tool=$!
sleep 1
kill -TERM $tool
wait $tool
seen=$?
kill $writer 2>/dev/null
[ $seen -eq 75 ] || fail "exit code $seen instead of 75 after SIGTERM"
expect_missing out.jsonl

# Wrong usage.
expect_exit 2 gpt-dedup
expect_exit 2 gpt-dedup good.jsonl --seeds 100 --bands 30
expect_stderr '100.*multiple.*30'
expect_exit 2 gpt-dedup good.jsonl --treshold 0.5
expect_stderr "did you mean '--threshold'"
expect_exit 2 gpt-dedup good.jsonl --threshold 2
expect_exit 0 gpt-dedup --help
expect_stdout 'char-ngram'
expect_exit 0 gpt-dedup --version
