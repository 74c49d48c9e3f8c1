#!/bin/sh
# Folders that are no model, or damaged ones: one message that names what is wrong, exit code 1, no output.
. "$GPT_SOURCE/tests/cli/lib.sh"
whole=$GPT_SOURCE/tests/data/gpt2/plain

# damaged NAME: a fresh copy of the model to damage.
damaged() {
  rm -rf model
  cp -r "$whole" model
}
# refused PATTERN: loading it fails and says so in one line.
refused() {
  expect_exit 1 gpt-generate --load model --prompt a -o out.txt
  expect_stderr "$1"
  [ "$(wc -l <stderr)" = 1 ] || fail "more than one message"
  expect_missing out.txt
}

rm -rf model
refused 'model: cannot open: No such file'
mkdir model
refused 'model: holds no model: neither config.json nor latest is there'
echo iter_0000009 >model/latest
refused 'latest: names iter_0000009, but model/iter_0000009/config.json does not exist'

damaged; echo '{' >model/config.json
refused 'model/config.json: no JSON object'
damaged; sed -i 's/"n_layer": 2/"n_layer": 3/' model/config.json
refused 'model.safetensors: has no tensor transformer.h.2.ln_1.weight, wanted with shape \[16\]'
damaged; sed -i 's/"n_embd": 16/"n_embd": 32/' model/config.json
refused 'tensor transformer.wte.weight has shape \[532, 16\], but the configuration asks for \[532, 32\]'
damaged; sed -i 's/"n_head": 2/"n_head": 3/' model/config.json
refused 'config.json: n_embd 16 is no multiple of n_head 3'
damaged; sed -i 's/"model_type": "gpt2"/"model_type": "bert"/' model/config.json
refused 'model_type is "bert"'
damaged; LC_ALL=C sed -i 's/h.1.ln_1.bias/h.1.ln_9.bias/' model/model.safetensors
refused 'model.safetensors: has no tensor transformer.h.1.ln_1.bias'
damaged; LC_ALL=C sed -i 's/\(wpe.weight":{"dtype":"F32","shape":\)\[64,16\]/\1[16,64]/' model/model.safetensors
refused 'tensor transformer.wpe.weight has shape \[16, 64\], but the configuration asks for \[64, 16\]'
damaged; truncate -s 30000 model/model.safetensors
refused 'model.safetensors: .*truncated'
damaged; truncate -s 5 model/model.safetensors
refused 'model.safetensors: too short'
damaged; rm model/model.safetensors
refused 'model: holds neither model.safetensors nor model.safetensors.index.json'
rm -rf model
cp -r "$GPT_SOURCE/tests/data/gpt2/sharded" model
rm model/model-00002-of-00003.safetensors
refused 'model-00002-of-00003.safetensors: cannot open'

damaged; rm model/merges.txt
refused 'holds no tokenizer.json, nor vocab.json and merges.txt: pass --vocab-file'
damaged; cp "$GPT_SOURCE/tests/data/bpe/exhausted-vocab.json" model/vocab.json
cp "$GPT_SOURCE/tests/data/bpe/exhausted-merges.txt" model/merges.txt
refused 'vocab.json: has 1335 entries, but the model in model has a vocabulary of 532: pass the --vocab-file'
damaged; cp "$GPT_SOURCE/tests/data/bpe/noalphabet-vocab.json" model/vocab.json
cp "$GPT_SOURCE/tests/data/bpe/noalphabet-merges.txt" model/merges.txt
refused 'vocab.json: has 400 entries, but the model in model has a vocabulary of 532'
damaged; cp "$GPT_SOURCE/tests/data/bpe/prefix-merges.txt" model/merges.txt
refused 'merges.txt|vocab.json'
