#!/bin/sh
# gpt-dedup compare: texts, files, documents of a file; what is printed, and errors.
. "$GPT_SOURCE/tests/cli/lib.sh"

expect_exit 0 gpt-dedup compare --texts abcdefg bcdefgh
expect_quiet
expect_stdout '^shingles +3 and 3 of 5 characters, 2 in both$'
expect_stdout '^jaccard +0\.5000 '
expect_stdout '^candidates +(yes|no): .*chance of 0\.4701 '
expect_exit 0 gpt-dedup compare --texts abcdefg bcdefgh --format json
python3 - <<'PYTHON' || fail "the JSON says: $(cat stdout)"
import json
seen = json.load(open("stdout"))
assert seen["jaccard"] == .5 and seen["common_shingles"] == 2 and seen["seeds"] == 100 and seen["bands"] == 20, seen
assert seen["candidates"] == bool(seen["agreeing_bands"]), seen
PYTHON
grep -Eq '"agreeing_bands":\[[0-9,]*\],' stdout || fail "a JSON list is written otherwise than the rest"
expect_exit 0 gpt-dedup compare --texts '' ''
expect_stdout '^minhash +0\.0000 '
expect_stdout '^candidates +no: a text without a shingle is like no other$'
expect_exit 0 gpt-dedup compare --texts '' '' --format json
expect_stdout '"minhash":0,"signature":0,.*"agreeing_bands":\[\],"candidates":false,"probability":0}'
expect_exit 0 gpt-dedup compare --texts 'one two three' 'Three one, two' --word-ngram 1
expect_stdout '^jaccard +1\.0000 '

# The same documents, named in each way.
printf '{"text":"abcdefg"}\n{"body":"bcdefgh","text":""}\n' >pair.jsonl
printf 'bcdefgh' >second.txt
expect_exit 0 gpt-dedup compare pair.jsonl:1 second.txt --seeds 200 --bands 50
cp stdout expected
expect_exit 0 sh -c 'printf abcdefg | gpt-dedup compare - second.txt --seeds 200 --bands 50'
expect_same stdout expected
gzip second.txt
expect_exit 0 gpt-dedup compare --seeds 200 --bands 50 pair.jsonl:1 second.txt.gz --report report.json
expect_same stdout expected
grep -q '"jaccard":0.5' report.json || fail "the report says: $(cat report.json)"
expect_exit 1 gpt-dedup compare pair.jsonl:1 pair.jsonl:2 --text-key body
expect_stderr 'pair\.jsonl:1: .*"body"'

expect_exit 2 gpt-dedup compare pair.jsonl second.txt.gz
expect_stderr 'pair\.jsonl:1'
expect_exit 1 gpt-dedup compare pair.jsonl:3 second.txt.gz
expect_stderr 'has 2 lines'
expect_exit 1 gpt-dedup compare pair.jsonl:1 missing.txt
expect_stderr 'missing\.txt'
expect_exit 2 gpt-dedup compare pair.jsonl:0 second.txt.gz
expect_stderr "'pair.jsonl:0' names no document: lines count from 1"
expect_exit 2 gpt-dedup compare - -
expect_exit 2 gpt-dedup compare --texts one
expect_stderr 'B is required'
expect_exit 2 gpt-dedup compare --texts one two --text-key body
expect_stderr '^gpt-dedup: .*--text-key is about documents: --texts names none'
expect_exit 2 gpt-dedup compare --texts one two --seeds 100 --bands 30
expect_exit 0 gpt-dedup compare --help
expect_stdout 'FILE:LINE'
# A file of that name can still be read.
printf '{"text":"one"}\n' >compare
expect_exit 0 gpt-dedup -q ./compare
