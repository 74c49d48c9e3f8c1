#!/bin/sh
# gpt-bpe-train --continue-from: old ids and merges stay, new ones follow; and the flags of the labs' script.
. "$GPT_SOURCE/tests/cli/lib.sh"
data=$GPT_SOURCE/tests/data/bpe

# Stopped at 400 and gone on to 500 on the same text, it is the vocabulary learned in one go.
expect_exit 0 gpt-bpe-train "$data/corpus.txt" -o whole --vocab-size 500 -q
expect_exit 0 gpt-bpe-train "$data/corpus.txt" -o first --vocab-size 400 -q
expect_exit 0 gpt-bpe-train "$data/corpus.txt" -o second --continue-from first --vocab-size 500 -q
expect_same second/vocab.json whole/vocab.json
expect_same second/merges.txt whole/merges.txt

# On other text, with a special token more: what was there stays.
printf 'zyzzyva zyzzyva\nzyzzyvas zyx\n' >other.txt
expect_exit 0 gpt-bpe-train other.txt -o other --continue-from first --vocab-size 404 \
  --special-tokens '<|endoftext|>,<pad>' -q
head -n "$(wc -l <first/merges.txt)" other/merges.txt >kept
expect_same kept first/merges.txt
python3 - <<'END' || fail "ids have changed"
import json
first, other = (json.load(open(name + "/vocab.json")) for name in ("first", "other"))
assert all(other[token] == id for token, id in first.items())
assert other["<pad>"] == 400 and other["zy"] == 401, other
END
expect_exit 1 gpt-bpe-train other.txt -o less --continue-from first --vocab-size 300
expect_stderr '300 entries cannot hold the 400 of .*the earlier vocabulary'
expect_exit 1 gpt-bpe-train other.txt -o none --continue-from nowhere --vocab-size 500
expect_stderr 'nowhere/vocab.json: cannot open'

# Special tokens stay special, those included that only tokenizer.json names; and words are cut as they were.
expect_exit 0 gpt-bpe-train other.txt -o again --continue-from other --vocab-size 405 --special-tokens '<new>' -q
grep -A1 '"id": 400,' again/tokenizer.json | grep -q '"<pad>"' || fail "<pad> is special no longer"
grep -A1 '"id": 404,' again/tokenizer.json | grep -q '"<new>"' || fail "<new> is not special"
mkdir added
cp other/merges.txt other/vocab.json added
sed 's/^    {$/    {"id": 404, "content": "<added>", "special": true},\n    {/;t;' other/tokenizer.json |
  awk '/"<added>"/ && seen++ { next } { print }' >added/tokenizer.json
expect_exit 0 gpt-bpe-train other.txt -o more --continue-from added --vocab-size 406 -q
grep -q '"<added>":404,"[^"]*":405}' more/vocab.json || fail "the id of an added token was given away"
expect_exit 1 gpt-bpe-train other.txt -o none --continue-from other --vocab-size 405 --split-pattern qwen2
expect_stderr 'other/tokenizer.json: cuts words as --split-pattern gpt2 .* but --split-pattern qwen2'
sed 's/"zy": 401/"yz": 401/' other/tokenizer.json >added/tokenizer.json
expect_exit 1 gpt-bpe-train other.txt -o none --continue-from added --vocab-size 406
expect_stderr 'added/tokenizer.json: '

# The labs' command line. Its --load_pretrained changes nothing, and says so.
expect_exit 0 gpt-bpe-train --infile "$data/corpus.txt" --bpe_path labs --load_pretrained --pretrained_gpt_dir first \
  --vocab_size 500
expect_stderr 'load-pretrained changes nothing here'
expect_stderr 'a space is put before each line'
expect_exit 0 gpt-bpe-train "$data/corpus.txt" -o spaced --add-prefix-space --vocab-size 500 -q
expect_same labs/tokenizer.json spaced/tokenizer.json
expect_exit 0 gpt-bpe-train --infile "$data/corpus.txt" --bpe_path special --incl_special_toks --vocab_size 300 -q
grep -q '^{"\[CLS\]":0,"\[BOS\]":1,"\[EOS\]":2,"\[SEP\]":3,"\[PAD\]":4,"\[MASK\]":5,"\[UNK\]":6,"\[EOD\]":7,"!":8' \
  special/vocab.json || fail "the labs' special tokens are not the first"
printf '{"text":"ab"}\n' >ab.jsonl
expect_exit 0 gpt-preprocess --input ab.jsonl --output-prefix ab --vocab special/vocab.json \
  --merge-file special/merges.txt --append-eod -q
[ "$(od -An -tu2 <ab_text_document.bin | awk '{ print $NF }')" = 7 ] || fail "[EOD] does not end the document"
expect_exit 2 gpt-bpe-train other.txt -o none --vocab-size 500 --incl_special_toks --special-tokens a
