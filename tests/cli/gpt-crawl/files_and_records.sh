#!/bin/sh
# Pages from files and folders, and from a field of JSON Lines; wrong usage and bad input.
. "$GPT_SOURCE/tests/cli/lib.sh"
pages=$GPT_SOURCE/tests/data/pages

expect_exit 2 gpt-crawl
expect_stderr "nothing to do"
expect_exit 2 gpt-crawl example.org
expect_stderr "'example.org' is no http or https address"
expect_exit 2 gpt-crawl https://example.org/ --html "$pages"
expect_exit 2 gpt-crawl --html "$pages" --links links.txt
expect_stderr "--links is for crawling the web"
expect_exit 2 gpt-crawl https://example.org/ --user-agent "1/2"
expect_exit 2 gpt-crawl https://example.org/ --delay -1
expect_exit 2 gpt-crawl https://example.org/ --max-pagse 3
expect_stderr "did you mean '--max-pages'"
expect_exit 0 gpt-crawl --help
expect_stdout "connections-per-host"

# a folder: sorted, by content and not by threads
expect_exit 0 gpt-crawl --html "$pages" -o one.jsonl --threads 1 --report report.json
expect_exit 0 gpt-crawl --html "$pages" -o four.jsonl --threads 4
expect_same one.jsonl four.jsonl
[ "$(wc -l <one.jsonl)" = 9 ] || fail "9 pages wanted: $(cat one.jsonl)"
grep -q '"url":"https://example.org/surdeg.html"' one.jsonl || fail "the canonical address was not taken"
grep -q '"url":"file:///.*/cykel.html".*"lang":"sv","fetched_at":null,"status":null}$' one.jsonl || fail "a record is wrong"
grep -q '"pages":9' report.json || fail "report: $(cat report.json)"

# compressed files, files by name, stdin
mkdir -p packed/deeper
gzip -c "$pages/cykel.html" >packed/deeper/cykel.HTML.gz
cp "$pages/odling.html" "packed/a b.htm"
cp "$pages/odling.html" packed/not-a-page.txt
expect_exit 0 gpt-crawl --html packed -o packed.jsonl
[ "$(wc -l <packed.jsonl)" = 2 ] || fail "2 pages wanted"
grep -q 'packed/a%20b.htm' packed.jsonl || fail "the name is not encoded"
gpt-crawl --html - <"$pages/cykel.html" >stdin.jsonl 2>stderr || fail "no page from stdin"
grep -q "punktering" stdin.jsonl || fail "no text from stdin"

# bad input
expect_exit 1 gpt-crawl --html missing.html -o none.jsonl
expect_stderr "missing.html: cannot open: No such file"
mkdir empty
expect_exit 1 gpt-crawl --html empty -o none.jsonl
expect_stderr "empty: holds no .html"
head -c 300 packed/deeper/cykel.HTML.gz >cut.html.gz
expect_exit 1 gpt-crawl --html cut.html.gz -o none.jsonl
expect_stderr "cut.html.gz"
expect_missing none.jsonl
: >nothing.html
expect_exit 0 gpt-crawl --html nothing.html "$pages/cykel.html" -o some.jsonl
expect_stderr "1 pages, 1 skipped \(no text 1\)"
head -c 3000000 /dev/urandom >noise.html
expect_exit 0 gpt-crawl --html noise.html --max-bytes 1M -o noise.jsonl
expect_stderr "too large 1"

# records
cat >records.jsonl <<'END'
{"id":7,"url":"https://example.org/a","html":"<html lang=sv><title>Å</title><p>Ett stycke text som är långt nog för att räknas.</p>","status":200,"meta":{"x":[1,2.5]},"text":"old"}

{"html":"<p>Ett annat stycke text, också det långt nog för att räknas.</p>","fetched_at":"2024-01-31T00:00:00Z"}
END
expect_exit 0 gpt-crawl records.jsonl --json-key html -o records_out.jsonl
cat >wanted.jsonl <<'END'
{"url":"https://example.org/a","title":"Å","text":"Ett stycke text som är långt nog för att räknas.","lang":"sv","fetched_at":null,"status":200,"id":7,"meta":{"x":[1,2.5]}}
{"url":"","title":"","text":"Ett annat stycke text, också det långt nog för att räknas.","lang":null,"fetched_at":"2024-01-31T00:00:00Z","status":null}
END
expect_same wanted.jsonl records_out.jsonl
gpt-crawl --json-key html <records.jsonl >records_stdin.jsonl 2>stderr || fail "no records from stdin"
expect_same wanted.jsonl records_stdin.jsonl
printf '{"html":"<p>a</p>"}\n{"body":"<p>b</p>"}\n' >bad.jsonl
expect_exit 1 gpt-crawl bad.jsonl --json-key html -o none.jsonl
expect_stderr 'bad.jsonl:2: no field "html"'
expect_missing none.jsonl
printf 'not json\n' >>bad.jsonl
expect_exit 0 gpt-crawl bad.jsonl --json-key html -o some_records.jsonl --on-error skip --report report.json
expect_stderr "bad.jsonl:2"
grep -q '"bad_records":2' report.json || fail "report: $(cat report.json)"
