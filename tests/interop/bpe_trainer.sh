#!/bin/sh
# label: slow
# gpt-bpe-train and Hugging Face tokenizers on generated corpora, with options drawn at random: the same bytes.
# Needs a Python with tokenizers: GPT_PEERS_PYTHON names it. GPT_FUZZ_ROUNDS: how many corpora.
. "$GPT_SOURCE/tests/cli/lib.sh"
if ! "${GPT_PEERS_PYTHON:-false}" -c 'import tokenizers' 2>/dev/null; then
  echo "SKIPPED: GPT_PEERS_PYTHON names no Python with tokenizers, so no peer checks the vocabularies trained here"
  exit 77
fi
"$GPT_PEERS_PYTHON" "$GPT_SOURCE/tests/interop/bpe_trainer_peers.py" "${GPT_FUZZ_ROUNDS:-60}" 1 ||
  fail "vocabularies differ from the peer's"
