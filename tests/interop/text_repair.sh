#!/bin/sh
# label: slow
# Generated mojibake put right by gpt-clean and by ftfy: sentences of many languages, by kind of damage. gpt-clean is to
# be at least as good for every kind. Needs a Python with ftfy, named by GPT_PEERS_PYTHON, and GPT_TEST_DATA.
. "$GPT_SOURCE/tests/cli/lib.sh"
need_test_data
if ! "${GPT_PEERS_PYTHON:-false}" -c 'import ftfy' 2>/dev/null; then
  echo "SKIPPED: GPT_PEERS_PYTHON names no Python with ftfy, so no peer checks the text repair"
  exit 77
fi
"$GPT_PEERS_PYTHON" "$GPT_SOURCE/tests/interop/repair_peers.py" damaged "$GPT_TEST_DATA/ud/sentences.jsonl" ||
  fail "ftfy puts more right than gpt-clean"
"$GPT_PEERS_PYTHON" "$GPT_SOURCE/tests/interop/repair_peers.py" sound "$GPT_TEST_DATA/ud/sentences.jsonl" ||
  fail "sound text was changed"
