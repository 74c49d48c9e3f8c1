#!/bin/sh
# label: slow
# gpt-dedup --unit sentence --span 3 beside datatrove's SentenceDedup: the same sentences go, or a difference that is
# explained. Needs a Python with datatrove, spaCy and tokenizers, named by GPT_DATATROVE_PYTHON or GPT_PEERS_PYTHON.
. "$GPT_SOURCE/tests/cli/lib.sh"
python=${GPT_DATATROVE_PYTHON:-${GPT_PEERS_PYTHON:-false}}
if ! "$python" -c 'import datatrove.pipeline.dedup, spacy, tokenizers' 2>/dev/null; then
  echo "SKIPPED: GPT_DATATROVE_PYTHON names no Python with datatrove, spaCy and tokenizers, so no peer checks the sentences"
  exit 77
fi
export GPT_BIN
"$python" "$GPT_SOURCE/tests/interop/sentence_repeats_peers.py" || fail "other sentences go than datatrove's"
