#!/bin/sh
# What the five tools for documents do alike with their inputs: a byte order mark, files that cannot be read, bad
# records in the report, reports that cannot be written, signals while they wait.
# shellcheck disable=SC2046,SC2086,SC2091  # commands are held as words
. "$GPT_SOURCE/tests/cli/lib.sh"
data=$GPT_SOURCE/tests/data/bpe
tools="gpt-crawl gpt-clean gpt-dedup gpt-bpe-train gpt-preprocess"

cp "$data/plain-vocab.json" vocab.json
cp "$data/plain-merges.txt" merges.txt

# command_of TOOL INPUT RESULT: the words of a command whose outputs have names that begin with RESULT.
command_of() {
  case $1 in
  gpt-crawl) echo "gpt-crawl $2 --json-key html -o $3" ;;
  gpt-clean | gpt-dedup) echo "$1 $2 -o $3" ;;
  gpt-bpe-train) echo "gpt-bpe-train $2 -o $3 --vocab-size 260" ;;
  gpt-preprocess) echo "gpt-preprocess --input $2 --output-prefix $3 --vocab-file vocab.json --merge-file merges.txt" ;;
  esac
}

# expect_nothing NAME: no file of that name, nor one that begins with it.
expect_nothing() {
  for left in "$1"*; do
    [ ! -e "$left" ] || fail "$left was left behind"
  done
}

# Two documents that are nearly the same, and one that is not.
line='<p>Det var en gång en liten stad vid havet, och i staden bodde en bagare som bakade bröd varje morgon.'
printf '{"text":"%s","html":"%s"}\n{"text":"%s!","html":"%s!"}\n{"text":"en","html":"en"}\n' \
  "$line" "$line" "$line" "$line" >plain.jsonl
cp plain.jsonl plain.before
{
  printf '\357\273\277'
  cat plain.jsonl
} >marked.jsonl
printf '%s\n%s!\n' "$line" "$line" >plain.txt
{
  printf '\357\273\277'
  cat plain.txt
} >marked.txt
{
  cat plain.jsonl
  printf '["no object"]\n{"text":\n'
} >bad.jsonl

for tool in $tools; do
  # A byte order mark changes nothing.
  for name in jsonl txt; do
    [ "$tool" = gpt-crawl ] && [ $name = txt ] && continue
    mkdir plain marked
    expect_exit 0 $(command_of $tool plain.$name plain/out) -q --progress off --log-level error
    expect_exit 0 $(command_of $tool marked.$name marked/out) -q --progress off --log-level error
    diff -r plain marked || fail "$tool makes something else of a file with a byte order mark"
    rm -r plain marked
  done

  # Another encoding is told by its mark.
  iconv -f UTF-8 -t UTF-16 plain.jsonl >wide.jsonl
  expect_exit 1 $(command_of $tool wide.jsonl out)
  expect_stderr 'wide.jsonl: is UTF-16 .*iconv'
  expect_nothing out

  # A file that opens and then cannot be read.
  if [ -e /proc/self/mem ]; then
    expect_exit 1 $(command_of $tool /proc/self/mem out)
    expect_stderr '^gpt-[a-z-]+: error: /proc/self/mem: cannot read: Input/output error$'
    expect_nothing out
  fi

  # Bad records are counted and named in the report.
  expect_exit 0 $(command_of $tool bad.jsonl out) --on-error skip --report report.json
  expect_stderr 'skipped 2 records that could not be read; the first: bad.jsonl:4: '
  python3 - <<'END' || fail "the report of $tool does not name the bad records"
import json
report = json.load(open("report.json", encoding="utf-8"))
assert report["inputs"] == ["bad.jsonl"] and report["bad_records"] == 2, report
assert [message.split(": ")[0] for message in report["first_errors"]] == ["bad.jsonl:4", "bad.jsonl:5"], report
END
  rm -rf out* report.json

  # A report that could not be written, or would take the place of an input, is noticed before the work.
  expect_exit 1 $(command_of $tool plain.jsonl out) --report missing/report.json
  expect_stderr '/missing: is no folder; make it first'
  expect_nothing out
  expect_exit 2 $(command_of $tool plain.jsonl out) --report ./plain.jsonl
  expect_stderr "--report would replace 'plain.jsonl', which is read as an input"
  expect_nothing out
  expect_same plain.jsonl plain.before

  # Each of the three signals while it waits for input.
  mkfifo pipe
  for signal in TERM INT USR1; do
    $(command_of $tool pipe out) 2>stderr &
    exec 9>pipe # opens when the tool reads
    kill -$signal $!
    wait $!
    code=$?
    exec 9>&-
    [ $code -eq 75 ] || fail "SIG$signal gave $tool exit code $code instead of 75"
    expect_stderr 'stopped on request'
    expect_nothing out
  done
  rm pipe
done

# A file that may not be opened. root may open any, so it takes a lesser user's place where it can.
chmod 755 .
cp plain.jsonl closed.jsonl
chmod 000 closed.jsonl
as_user=
if [ "$(id -u)" -eq 0 ]; then
  as_user="setpriv --reuid 65534 --regid 65534 --clear-groups"
  if ! $as_user env PATH="$PATH" gpt-clean --version >stdout 2>stderr; then
    echo "NOT TESTED: files without permission to read, since root cannot run the tools as another user here"
    exit 0
  fi
fi
mkdir open
chmod 777 open
for tool in $tools; do
  expect_exit 1 $as_user $(command_of $tool closed.jsonl open/out)
  expect_stderr "^$tool: error: closed.jsonl: cannot open: Permission denied\$"
  expect_nothing open/out
done
