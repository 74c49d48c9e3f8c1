#!/bin/sh
# gpt-clean: wrong command lines, files that are damaged or missing, outputs that cannot be written.
. "$GPT_SOURCE/tests/cli/lib.sh"

printf '{"text":"en mening"}\n{"text":"en till"}\n' >good.jsonl

# Wrong usage: 2, and nothing is opened.
expect_exit 2 gpt-clean
expect_exit 2 gpt-clean good.jsonl --min-chars many
expect_exit 2 gpt-clean good.jsonl --min-chars -5
expect_exit 2 gpt-clean good.jsonl --langage sv
expect_stderr "did you mean '--language'"
expect_exit 2 gpt-clean good.jsonl --language Swedish
expect_stderr 'Swedish.* is no language code'
for code in swe xx und other; do
  printf 'language keep=%s\n' $code >code.rules
  expect_exit 2 gpt-clean good.jsonl -o none.jsonl --recipe code.rules
  expect_stderr "no text can be identified as '$code': known are .*sv"
  expect_missing none.jsonl
done
expect_exit 2 gpt-clean good.jsonl -o none.jsonl --language sv,swe --language-unit line
expect_stderr "no text can be identified as 'swe'"
expect_exit 0 gpt-clean good.jsonl -o none.jsonl --language sv,no -q
rm none.jsonl
expect_exit 2 gpt-clean - - --language sv
expect_exit 2 gpt-clean good.jsonl -o same.jsonl --rejected same.jsonl
expect_missing same.jsonl
expect_exit 2 gpt-clean good.jsonl --on-error ignore

# Files that cannot be read: 1, and the file is named.
expect_exit 1 gpt-clean missing.jsonl -o out.jsonl
expect_stderr '^gpt-clean: error: missing.jsonl: cannot open: No such file or directory$'
expect_missing out.jsonl
mkdir folder
expect_exit 1 gpt-clean folder -o out.jsonl
expect_stderr 'error: folder: .*[Ii]s a (directory|folder)'
expect_missing out.jsonl
expect_exit 1 gpt-clean good.jsonl -o no/such/folder.jsonl
expect_stderr 'no/such/folder.jsonl'

# An empty file is no error.
: >empty.jsonl
expect_exit 0 gpt-clean empty.jsonl -o empty.out.jsonl -q
expect_quiet
expect_same empty.out.jsonl /dev/null

# Bad records: file, line and reason; skipped and counted when asked for.
printf '{"text":"en"}\n{"text":"tv\n' >broken.jsonl
printf '{"text":"en"}\n{"title":"utan text"}\n{"text":5}\n["lista"]\n{"text":"sist"}\n' >keys.jsonl
expect_exit 1 gpt-clean broken.jsonl -o out.jsonl
expect_stderr 'error: broken.jsonl:2: '
expect_missing out.jsonl
expect_exit 1 gpt-clean keys.jsonl -o out.jsonl
expect_stderr 'error: keys.jsonl:2: the field "text" is missing'
expect_missing out.jsonl
expect_exit 0 gpt-clean keys.jsonl -o skipped.jsonl --on-error skip --report report.json -q
expect_stderr 'warning: skipped 3 records that could not be read; the first: keys.jsonl:2: '
[ "$(wc -l <skipped.jsonl)" -eq 2 ] || fail "two documents were to be left"
grep -q '"bad_records":3' report.json || fail "the report does not count bad records"

# Broken UTF-8 is repaired and counted.
printf '{"text":"tr\345kig"}\n' >latin1.jsonl
expect_exit 0 gpt-clean latin1.jsonl
expect_stdout '^\{"text":"tr�kig"\}$'
expect_stderr '1 documents changed  invalid-utf8 +latin1.jsonl:1'

# Compressed files that end early.
gzip -c good.jsonl | head -c 30 >short.jsonl.gz
zstd -q -c good.jsonl | head -c 20 >short.jsonl.zst
for name in short.jsonl.gz short.jsonl.zst; do
  expect_exit 1 gpt-clean $name -o out.jsonl
  expect_stderr "error: $name: "
  expect_missing out.jsonl
done

# An existing output is refused, and replaced by --force only.
echo old >kept.jsonl
expect_exit 1 gpt-clean good.jsonl -o kept.jsonl
expect_stderr 'kept.jsonl: exists already; --force replaces it'
[ "$(cat kept.jsonl)" = old ] || fail "the existing output was touched"
expect_exit 0 gpt-clean good.jsonl -o kept.jsonl --force -q
expect_same kept.jsonl good.jsonl

# A full disk: nothing lies under the final name, nor a temporary.
yes '{"text":"en mening som fyller skivan"}' | head -n 20000 >large.jsonl
expect_exit 1 sh -c 'trap "" XFSZ; ulimit -f 100; exec gpt-clean large.jsonl -o full.jsonl -q'
expect_stderr 'full.jsonl: cannot write'
expect_missing full.jsonl
if [ -w /dev/full ]; then
  gpt-clean good.jsonl -q >/dev/full 2>stderr && fail "writing to a full device succeeded"
  expect_stderr 'stdout: cannot write: No space left on device'
fi
