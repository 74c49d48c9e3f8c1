#!/bin/sh
# label: slow
# gpt-bpe-train --algorithm wordpiece and Hugging Face tokenizers on generated corpora: the same vocabularies.
# Needs a Python with tokenizers: GPT_PEERS_PYTHON names it. GPT_FUZZ_ROUNDS: how many corpora.
. "$GPT_SOURCE/tests/cli/lib.sh"
if ! "${GPT_PEERS_PYTHON:-false}" -c 'import tokenizers' 2>/dev/null; then
  echo "SKIPPED: GPT_PEERS_PYTHON names no Python with tokenizers, so no peer checks the WordPiece vocabularies trained here"
  exit 77
fi
"$GPT_PEERS_PYTHON" "$GPT_SOURCE/tests/interop/wordpiece_trainer_peers.py" "${GPT_FUZZ_ROUNDS:-60}" 1 ||
  fail "vocabularies differ from the peer's"

if ! "$GPT_PEERS_PYTHON" -c 'import transformers' 2>/dev/null; then
  echo "SKIPPED in part: GPT_PEERS_PYTHON has no transformers, so AutoTokenizer is not tried on a WordPiece folder"
  exit 0
fi
expect_exit 0 gpt-bpe-train "$GPT_SOURCE/tests/data/corpus.txt" -o bert --vocab-size 1000 --algorithm wordpiece -q
cat >compare.py <<'PYTHON'
import os
os.environ["HF_HUB_OFFLINE"] = "1"
from tokenizers import BertWordPieceTokenizer
from transformers import AutoTokenizer
ours = AutoTokenizer.from_pretrained("bert")
assert type(ours).__name__ in ("BertTokenizer", "BertTokenizerFast"), type(ours)
assert (ours.pad_token, ours.cls_token, ours.mask_token) == ("[PAD]", "[CLS]", "[MASK]")
text = "En dag i Århus, 2024: \u4e2d\u6587 och Übung"
assert ours(text).input_ids == BertWordPieceTokenizer.from_file("bert/vocab.txt", lowercase=True).encode(text).ids
PYTHON
"$GPT_PEERS_PYTHON" compare.py >stdout 2>stderr || fail "transformers does not read the folder as Hugging Face tokenizers does"
