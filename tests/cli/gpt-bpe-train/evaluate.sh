#!/bin/sh
# gpt-bpe-train evaluate: what a vocabulary makes of texts, by language, two vocabularies side by side.
. "$GPT_SOURCE/tests/cli/lib.sh"

mkdir small words
printf '{"a":0,"b":1,"\304\240":2,"ab":3,"c":4,"\303\203":5,"\302\245":6,"\304\240a":7}\n' >small/vocab.json
printf '#version: 0.2\na b\n\304\240 a\n' >small/merges.txt
printf '[PAD]\n[UNK]\na\n##b\nab\n' >words/vocab.txt
cat >texts.jsonl <<'JSON'
{"text":"ab ba","language":"xx"}
{"text":"ab\u00e5","language":"yy"}
{"text":"ab a","language":"xx"}
JSON
printf 'c c\nab\n' >more.txt

# xx: ab | space b a; ab | space-a: 9 bytes in 6 tokens; words ab, " ba", ab, " a": 3 of 4 are one token.
expect_exit 0 gpt-bpe-train evaluate small texts.jsonl more.txt --report one.json --threads 1
expect_quiet
expect_stdout '^  8 entries, 0 of them \(0\.0 %\) in none of the texts$'
expect_stdout '^xx +2 +9 +4 +1\.500 +1\.500 +75\.0 %$'
# yy: ab and the two bytes of one letter; the word is the three of them.
expect_stdout '^yy +1 +4 +1 +1\.333 +3\.000 +0\.0 %$'
expect_stdout '^more\.txt +2 +5 +3 +1\.250 +1\.333 +66\.7 %$'
expect_stdout '^all +5 +18 +8 +1\.385 +1\.625 +62\.5 %$'
grep -q '"xx":{"documents":2,"bytes":9,"words":4,"vocabularies":\[{"tokens":6,"unknown":0,"bytes_per_token":1.5,"word_tokens":6,"whole_words":3,"tokens_per_word":1.5}\]}' one.json ||
  fail "the report lacks the figures of xx: $(cat one.json)"

# The longest tokens, and those that are never used.
printf '{"text":"ab\\u00e5"}\n' >short.jsonl
expect_exit 0 gpt-bpe-train evaluate small short.jsonl --list 2 --report short.json
expect_stdout "8 entries, 5 of them \(62\.5 %\) in none of the texts; the first: 'a'  'b'\$"
expect_stdout "longest tokens, and how often they occur: 'ab' 1  '\\\\xc3' 1\$"
grep -q '"first_unreached":\[{"id":0,"text":"a","characters":1,"uses":0},{"id":1,' short.json ||
  fail "the report lacks what is not reached"

# Side by side; the figures do not depend on the threads. WordPiece has words that it cannot encode.
for threads in 1 3; do
  expect_exit 0 gpt-bpe-train evaluate small words texts.jsonl --threads $threads
  mv stdout side-$threads
done
expect_same side-1 side-3
cp side-1 stdout
expect_stdout '^vocabulary 2: words$'
expect_stdout '^texts +documents +bytes +words +bytes/token 1 +bytes/token 2 .*unknown 1 +unknown 2$'
# xx: ab, [UNK], ab, a in the second vocabulary.
expect_stdout '^xx +2 +9 +4 +1\.500 +2\.250 +1\.500 +1\.000 +75\.0 % +75\.0 % +0\.0 % +25\.0 %$'

# Another field to tell texts by; wrong usage and broken texts.
printf '{"text":"ab","source":"web"}\n' >source.jsonl
expect_exit 0 gpt-bpe-train evaluate small source.jsonl --group-by source
expect_stdout '^web +1 +2 '
expect_exit 2 gpt-bpe-train evaluate texts.jsonl
expect_stderr 'texts\.jsonl is no folder of a vocabulary'
expect_exit 2 gpt-bpe-train evaluate small
expect_stderr 'a text is required'
mkdir empty
expect_exit 1 gpt-bpe-train evaluate empty texts.jsonl
expect_stderr 'empty: holds no vocabulary'
printf '{"text":"ab"}\n{"text":"xyz"}\n' >foreign.jsonl
expect_exit 1 gpt-bpe-train evaluate small foreign.jsonl
expect_stderr 'foreign\.jsonl.*small'
expect_exit 0 gpt-bpe-train evaluate words small foreign.jsonl --on-error skip --threads 1
expect_stderr 'skipped 1 record'
expect_stdout '^foreign\.jsonl +1 +2 +1 '

# What texts call themselves moves nothing on a terminal.
printf '{"text":"ab","language":"x\\u001b[2J\\u009by"}\n' >escape.jsonl
expect_exit 0 gpt-bpe-train evaluate small escape.jsonl
grep -q '^x?\[2J?y ' stdout || fail "the name of a group is printed raw"

# A vocabulary that is trained is measured at once, as the subcommand does.
expect_exit 0 gpt-bpe-train "$GPT_SOURCE/tests/data/corpus.txt" -o trained --vocab-size 400 --evaluate texts.jsonl -q
cp stdout at_once
expect_exit 0 gpt-bpe-train evaluate trained texts.jsonl
expect_same at_once stdout
expect_exit 1 gpt-bpe-train "$GPT_SOURCE/tests/data/corpus.txt" -o none --vocab-size 400 --evaluate missing.jsonl
expect_missing none
expect_exit 2 gpt-bpe-train texts.jsonl --counts-out none --evaluate texts.jsonl
