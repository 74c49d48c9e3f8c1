#!/bin/sh
# label: slow
# The ids of Hugging Face tokenizers and tiktoken on generated strings, for every split pattern and for WordPiece.
# Needs a Python with tokenizers, tiktoken, numpy and unicodedata2: GPT_PEERS_PYTHON names it. GPT_FUZZ_STRINGS: how many.
. "$GPT_SOURCE/tests/cli/lib.sh"
if ! "${GPT_PEERS_PYTHON:-false}" -c 'import tokenizers, tiktoken, unicodedata2' 2>/dev/null; then
  echo "SKIPPED: GPT_PEERS_PYTHON names no Python with tokenizers, tiktoken and unicodedata2, so no peer checks our ids"
  exit 77
fi
"$GPT_PEERS_PYTHON" "$GPT_SOURCE/tests/interop/tokenizer_peers.py" fuzz "${GPT_FUZZ_STRINGS:-200000}" 1 ||
  fail "ids differ from the peers'"
