#!/bin/sh
# gpt-bpe-train: counting apart from training, in shares, in bounded memory, and taken up after an interruption.
. "$GPT_SOURCE/tests/cli/lib.sh"
corpus=$GPT_SOURCE/tests/data/corpus.txt

expect_exit 0 gpt-bpe-train "$corpus" -o whole --vocab-size 1200 -q --report whole.json

# Three shares of one file, counted apart and put together: the vocabulary of one go.
expect_exit 1 gpt-bpe-train "$corpus" --counts-out shares/c.counts
expect_stderr 'shares: No such file or directory|shares: is no folder'
mkdir shares
for rank in 0 1 2; do
  expect_exit 0 gpt-bpe-train "$corpus" --counts-out shares/c.counts --rank $rank --world 3
  expect_exit 0 gpt-bpe-train "$corpus" --counts-out shares/c.counts --rank $rank --world 3
  expect_stderr 'is there already: nothing to do'
done
expect_exit 0 gpt-bpe-train --from-counts shares/*.counts -o merged --vocab-size 1200 -q --report merged.json
for file in vocab.json merges.txt tokenizer.json; do
  expect_same merged/$file whole/$file
done
for key in documents bytes words unique_words tokens; do
  [ "$(grep -o "\"$key\":[0-9]*" merged.json)" = "$(grep -o "\"$key\":[0-9]*" whole.json)" ] ||
    fail "the report of the shares has other $key"
done

# In two steps and compressed; what is missing or double is refused.
expect_exit 0 gpt-bpe-train --from-counts shares/c.00000-of-00003.counts shares/c.00002-of-00003.counts \
  --counts-out two.counts.zst -q
expect_exit 1 gpt-bpe-train --from-counts two.counts.zst -o none --vocab-size 1200
expect_stderr 'share 1 of 3 is missing'
expect_exit 1 gpt-bpe-train --from-counts two.counts.zst shares/c.00002-of-00003.counts -o none --vocab-size 1200
expect_stderr 'share 2 of 3 was given already'
expect_exit 0 gpt-bpe-train --from-counts two.counts.zst shares/c.00001-of-00003.counts -o steps --vocab-size 1200 -q
expect_same steps/merges.txt whole/merges.txt
expect_exit 1 gpt-bpe-train --from-counts shares/*.counts -o none --unit document --vocab-size 1200
expect_stderr 'was counted with .*--unit line, but .*--unit document is asked for'
head -c 5000 shares/c.00001-of-00003.counts >cut.counts
expect_exit 1 gpt-bpe-train --from-counts cut.counts --counts-out none
expect_stderr 'cut.counts: the word counts end early'
expect_exit 1 gpt-bpe-train --from-counts "$corpus" -o none --vocab-size 1200
expect_stderr 'is no file of word counts'
# What is complete counts once, too: all shares twice, the same inputs in two shares as well, or whole.
expect_exit 1 gpt-bpe-train --from-counts shares/*.counts shares/*.counts -o none --vocab-size 1200
expect_stderr 'share 0 of 3 was given already'
for rank in 0 1; do
  expect_exit 0 gpt-bpe-train "$corpus" --counts-out pair.counts --rank $rank --world 2 -q
done
expect_exit 1 gpt-bpe-train --from-counts shares/*.counts pair.*.counts -o none --vocab-size 1200
expect_stderr 'is share 0 of 2 of inputs of which share 0 of 3 was given already'
expect_exit 0 gpt-bpe-train "$corpus" --counts-out one.counts -q
expect_exit 1 gpt-bpe-train --from-counts one.counts one.counts -o none --vocab-size 1200
expect_stderr 'the whole was given already'
expect_exit 1 gpt-bpe-train --from-counts shares/*.counts one.counts -o none --vocab-size 1200
expect_stderr 'is the whole of inputs of which share 0 of 3 was given already'
expect_exit 1 gpt-bpe-train --from-counts two.counts.zst -o none --counts-out none.counts --vocab-size 1200
expect_stderr 'share 1 of 3 is missing'
# Shares that were not counted alike are of two jobs.
expect_exit 0 gpt-bpe-train "$corpus" --counts-out other.counts --rank 1 --world 3 --sample 0.5 -q
expect_exit 1 gpt-bpe-train --from-counts two.counts.zst other.*.counts -o none --vocab-size 1200
expect_stderr 'is missing'
# A share that is there is looked at before it counts as done.
expect_exit 1 gpt-bpe-train "$corpus" --counts-out other.counts --rank 1 --world 3
expect_stderr 'other.00001-of-00003.counts: is there already, but is of other inputs.*--force'
expect_exit 1 gpt-bpe-train "$corpus" --counts-out other.counts --rank 1 --world 3 --sample 0.5 --unit document
expect_stderr 'but was counted with .*--unit line.*--force'
cp "$corpus" broken.00001-of-00003.counts
expect_exit 1 gpt-bpe-train "$corpus" --counts-out broken.counts --rank 1 --world 3
expect_stderr 'is no whole file of counts.*--force'
expect_exit 0 gpt-bpe-train "$corpus" --counts-out broken.counts --rank 1 --world 3 --force -q
expect_same broken.00001-of-00003.counts shares/c.00001-of-00003.counts
# Counts are read twice, which pipes cannot be.
expect_exit 2 gpt-bpe-train --from-counts - -o none --vocab-size 1200
expect_stderr 'cannot read stdin'
mkfifo pipe.counts
expect_exit 1 gpt-bpe-train --from-counts pipe.counts -o none --vocab-size 1200
expect_stderr 'pipe.counts: is no regular file'
expect_missing none

# A sample is the same documents however it is shared out.
expect_exit 0 gpt-bpe-train "$corpus" -o sampled --sample 0.5 --vocab-size 900 -q
for rank in 0 1; do
  expect_exit 0 gpt-bpe-train "$corpus" --sample 0.5 --counts-out half.counts --rank $rank --world 2 -q
done
expect_exit 0 gpt-bpe-train --from-counts half.* -o halves --vocab-size 900 -q
expect_same halves/merges.txt sampled/merges.txt

# Memory that holds few words at a time: by way of files, to the same counts; nothing is left behind.
cat "$corpus" "$corpus" "$corpus" "$corpus" >half.txt
cat half.txt half.txt >long.txt
expect_exit 0 gpt-bpe-train long.txt --counts-out plain.counts -q
for threads in 1 3; do
  expect_exit 0 gpt-bpe-train long.txt --counts-out "small$threads.counts" --memory 300K --threads $threads -q
  expect_same "small$threads.counts" plain.counts
done
for leftover in *tmp* *runs*; do [ ! -e "$leftover" ] || fail "$leftover was left behind"; done
# Training leaves out the rarest words, and says how many.
expect_exit 0 gpt-bpe-train long.txt -o small --memory 300K --vocab-size 500 --report small.json
expect_stderr 'warning: --memory does not hold all words: [0-9]+ that are seen fewer than [0-9]+ times are left out'
grep -q '"dropped_words":[1-9]' small.json || fail "the report does not count the words left out"
[ "$(find small -mindepth 1 | wc -l)" -eq 4 ] || fail "something was left in the folder: $(ls -A small)"
expect_exit 2 gpt-bpe-train long.txt -o none --memory 1K --vocab-size 500
expect_missing none

# Wrong usage.
expect_exit 2 gpt-bpe-train "$corpus" -o none --vocab-size 500 --rank 0 --world 2
expect_exit 2 gpt-bpe-train "$corpus" -o none --vocab-size 500 --from-counts plain.counts
expect_exit 2 gpt-bpe-train "$corpus" --counts-out c --rank 0 --world 2 -o none --vocab-size 500
expect_exit 2 gpt-bpe-train --counts-out none
expect_exit 2 gpt-bpe-train --from-counts plain.counts -o none --vocab-size 500 --sample 0.5
