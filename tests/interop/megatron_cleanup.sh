#!/bin/sh
# label: slow
# gpt-clean --preset megatron and gpt-dedup beside Megatron-LM's scripts for OpenWebText, on documents made of the test
# data's sentences. GPT_PEERS_MEGATRON names the folder tools/openwebtext, which was part of Megatron-LM until 2025;
# GPT_MEGATRON_PYTHON (or GPT_PEERS_PYTHON) a Python with ftfy, langdetect, numpy and tokenizers; where it has
# mattilyra's lsh as well, find_duplicates.py is tried.
. "$GPT_SOURCE/tests/cli/lib.sh"
need_test_data
if [ ! -r "${GPT_PEERS_MEGATRON:-}/cleanup_dataset.py" ]; then
  echo "SKIPPED: GPT_PEERS_MEGATRON names no folder with cleanup_dataset.py, so the originals do not check our cleaning"
  exit 77
fi
python=${GPT_MEGATRON_PYTHON:-${GPT_PEERS_PYTHON:-false}}
if ! "$python" -c 'import ftfy, langdetect, numpy, tokenizers' 2>/dev/null; then
  echo "SKIPPED: GPT_MEGATRON_PYTHON names no Python with ftfy, langdetect, numpy and tokenizers, which the originals need"
  exit 77
fi
export GPT_BIN
"$python" "$GPT_SOURCE/tests/interop/megatron_cleanup_peers.py" "$GPT_PEERS_MEGATRON" "$GPT_TEST_DATA" ||
  fail "documents are kept or dropped without an explanation"
