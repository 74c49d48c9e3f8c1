#!/bin/sh
# label: slow
# gpt-dedup --decontaminate beside Megatron-LM's filter_ngrams.py: the same documents, pieces and counts, on made documents
# with planted texts of several tasks. GPT_PEERS_MEGATRON names the folder tools/openwebtext, which was part of Megatron-LM
# until 2025; GPT_PEERS_PYTHON a Python (python3).
. "$GPT_SOURCE/tests/cli/lib.sh"
if [ ! -r "${GPT_PEERS_MEGATRON:-}/filter_ngrams.py" ]; then
  echo "SKIPPED: GPT_PEERS_MEGATRON names no folder with filter_ngrams.py, so the original does not check our decontamination"
  exit 77
fi
export GPT_BIN
"${GPT_PEERS_PYTHON:-python3}" "$GPT_SOURCE/tests/interop/decontaminate_peers.py" "$GPT_PEERS_MEGATRON" \
  "$GPT_SOURCE/tests/cli/gpt-dedup/decontaminate_reference.py" || fail "other documents, pieces or counts than the original's"
