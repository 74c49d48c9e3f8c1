#!/bin/sh
# gpt-bpe-train: what is counted: samples, split patterns, normal forms.
. "$GPT_SOURCE/tests/cli/lib.sh"

# A sample is the same documents whatever the threads, and those of another seed are others.
i=0
while [ $i -lt 4000 ]; do
  i=$((i + 1))
  echo "word$i and more"
done >numbers.txt
for threads in 1 4; do
  expect_exit 0 gpt-bpe-train numbers.txt -o "s$threads" --sample 0.25 --vocab-size 400 --threads $threads -q \
    --report "s$threads.json"
done
expect_same s1/merges.txt s4/merges.txt
taken=$(sed 's/.*"documents":\([0-9]*\).*/\1/' s1.json)
left=$(sed 's/.*"documents_left_out":\([0-9]*\).*/\1/' s1.json)
[ $((taken + left)) -eq 4000 ] || fail "$taken taken and $left left out are not 4000"
if [ "$taken" -lt 850 ] || [ "$taken" -gt 1150 ]; then fail "$taken of 4000 are no quarter"; fi
expect_exit 0 gpt-bpe-train numbers.txt -o other --sample 0.25 --seed 5 --vocab-size 400 -q
! cmp -s other/merges.txt s1/merges.txt || fail "the sample does not depend on the seed"

# The split pattern decides where merges may be: Qwen2's keeps digits apart, cl100k's joins three.
printf '123 123 123456\n' >digits.txt
expect_exit 0 gpt-bpe-train digits.txt -o cl100k --split-pattern cl100k --vocab-size 259 -q
grep -q '^12 3$' cl100k/merges.txt || fail "cl100k does not join digits"
expect_exit 0 gpt-bpe-train digits.txt -o qwen2 --split-pattern qwen2 --vocab-size 259 -q
expect_same qwen2/merges.txt - <<'END'
#version: 0.2
END
expect_exit 2 gpt-bpe-train digits.txt -o none --split-pattern o200k --add-prefix-space --vocab-size 300

# A composed and a decomposed å are the same after normalisation.
printf 'a\314\212 \303\245 \303\245\n' >forms.txt
expect_exit 0 gpt-bpe-train forms.txt -o nfc --normalization nfc --vocab-size 259 -q
expect_same nfc/merges.txt - <<'END'
#version: 0.2
Ã ¥
Ġ Ã¥
END
# What was chosen is written down for Hugging Face's programs, and read back here.
grep -q '"type": "NFC"' nfc/tokenizer.json || fail "tokenizer.json does not have the normal form"
grep -q '"Regex": .*p{N}{1,3}' cl100k/tokenizer.json || fail "tokenizer.json does not have the split pattern"
grep -q '"eos_token": "<|endoftext|>"' nfc/tokenizer_config.json || fail "tokenizer_config.json lacks the end of a text"
