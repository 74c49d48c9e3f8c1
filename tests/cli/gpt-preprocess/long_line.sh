#!/bin/sh
# gpt-preprocess on a document of 64 MB in one line: in three times its size of memory.
. "$GPT_SOURCE/tests/cli/lib.sh"
vocabulary=$GPT_SOURCE/tests/data/golden/bpe_gpt2_1200
line_bytes=64000000
for kind in jsonl txt; do
  {
    [ $kind = txt ] || printf '{"text":"'
    # The sentence has 64 bytes.
    yes 'One sentence of sixty-four bytes, again and again, to the end: ' | tr '\n' ' ' | head -c $line_bytes
    [ $kind = txt ] || printf '"}'
    echo
  } >long.$kind
  for workers in 1 2; do
    expect_exit 0 gpt-preprocess --input long.$kind --output-prefix long --vocab-file "$vocabulary/vocab.json" \
      --merge-file "$vocabulary/merges.txt" --workers $workers -q --force --report report.json
    expect_quiet
    peak=$(sed -n 's/.*"peak_memory_bytes":\([0-9]*\).*/\1/p' report.json)
    [ "$peak" -gt 0 ] || fail "the report has no peak memory"
    # The programs of sanitizers need more for themselves.
    [ -z "${GPT_SANITIZER:-}" ] || continue
    [ "$peak" -le $((3 * line_bytes)) ] || fail "$kind, $workers workers: $peak bytes for a line of $line_bytes"
  done
  mv long_text_document.bin long-$kind.bin
done
expect_same long-jsonl.bin long-txt.bin
