#!/bin/sh
# label: slow
# transformers' AutoTokenizer reads the folder of gpt-bpe-train, and makes the ids that gpt-preprocess makes.
# Needs a Python with transformers: GPT_PEERS_PYTHON names it.
. "$GPT_SOURCE/tests/cli/lib.sh"
if ! "${GPT_PEERS_PYTHON:-false}" -c 'import transformers' 2>/dev/null; then
  echo "SKIPPED: GPT_PEERS_PYTHON names no Python with transformers, so AutoTokenizer is not tried on folders written here"
  exit 77
fi
data=$GPT_SOURCE/tests/data

cat >compare.py <<'PYTHON'
import json, os, struct, sys
os.environ["HF_HUB_OFFLINE"] = "1"
from transformers import AutoTokenizer

folder, prefix, eos = sys.argv[1:]
tokenizer = AutoTokenizer.from_pretrained(folder)
assert tokenizer.eos_token == eos, tokenizer.eos_token
ids = []
for line in open("documents.jsonl", encoding="utf-8"):
    text = json.loads(line)["text"]
    ids += tokenizer(text)["input_ids"]
    if folder == "plain":
        assert tokenizer.decode(tokenizer(text)["input_ids"]) == text, text
raw = open(prefix + "_text_document.bin", "rb").read()
assert ids == list(struct.unpack("<%dH" % (len(raw) // 2), raw)), folder
assert len(tokenizer) == len(json.load(open(folder + "/vocab.json", encoding="utf-8")))
PYTHON
cp "$data/documents.jsonl" documents.jsonl
printf '{"text":"A <pad> word\\n\\n  and a\314\212 \357\254\201 12345 don'"'"'t"}\n' >>documents.jsonl

# check NAME EOS OPTION...: trains, encodes here and there.
check() {
  name=$1 eos=$2
  shift 2
  expect_exit 0 gpt-bpe-train "$data/corpus.txt" -o "$name" --vocab-size 900 -q "$@"
  expect_exit 0 gpt-preprocess --input documents.jsonl --output-prefix "$name-data" --tokenizer-type HFTokenizer \
    --vocab-file "$name" --allow-special -q
  "$GPT_PEERS_PYTHON" compare.py "$name" "$name-data" "$eos" >stdout 2>stderr || fail "AutoTokenizer disagrees on $name"
}
check plain '<|endoftext|>' --special-tokens '<|endoftext|>,<pad>'
check spaced '</s>' --add-prefix-space --special-tokens '<s>,<pad>,</s>,<unk>,<mask>'
check labs '[EOS]' --incl-special-toks --normalization nfkc
check llama '<|end_of_text|>' --split-pattern cl100k --special-tokens '<|begin_of_text|>,<|end_of_text|>'
check o200k '<|endoftext|>' --split-pattern o200k --normalization nfc
expect_exit 0 gpt-bpe-train "$data/corpus.txt" -o begun --vocab-size 500 --special-tokens '<s>,</s>' -q
check gone_on '</s>' --continue-from begun --special-tokens '<pad>'
