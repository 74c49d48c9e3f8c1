#!/bin/sh
# gpt-clean --language: by documents, lines and sentences; the fields that say what was found; a missing or damaged model.
. "$GPT_SOURCE/tests/cli/lib.sh"

swedish='Vi gick ner till stranden i går kväll och såg hur solen sakta försvann bakom öarna.'
english='We walked down to the beach last night and watched the sun set slowly behind the islands.'
nynorsk='Eg veit ikkje korleis dei kjem seg heim i kveld, men vi får håpe at det går bra.'
{
  printf '{"text":"%s\\n%s","id":1}\n' "$swedish" "$english"
  printf '{"text":"%s %s","id":2}\n' "$english" "$swedish"
  printf '{"text":"%s","id":3}\n' "$english"
  printf '{"text":"%s","id":4}\n' "$nynorsk"
} >pages.jsonl

# Documents: the fields stand behind all others.
expect_exit 0 gpt-clean pages.jsonl --language nn,nb -q
grep -Eqx "\{\"text\":\"$nynorsk\",\"id\":4,\"language\":\"nn\",\"language_confidence\":(0\.[0-9]{3}|1\.000)\}" stdout ||
  fail "the record of Nynorsk: $(cat stdout)"
[ "$(wc -l <stdout)" -eq 1 ] || fail "not Nynorsk alone"
expect_exit 0 gpt-clean pages.jsonl --language no --language-field lang -q
grep -q '"lang":"nn","lang_confidence":' stdout || fail "fields of another name"
expect_exit 0 gpt-clean pages.jsonl --language-field lang -q
[ "$(grep -c '"lang_confidence":' stdout)" -eq 4 ] || fail "fields without a filter"
expect_exit 0 gpt-clean pages.jsonl -q
! grep -q 'confidence' stdout || fail "fields that nobody asked for"

# Lines: the first document loses one, of the third nothing is left.
expect_exit 0 gpt-clean pages.jsonl --language sv --language-unit line -o lines.jsonl
expect_stderr ' lines dropped  language-of-lines +pages.jsonl:1 \(en: We walked'
grep -q "^{\"text\":\"$swedish\",\"id\":1,\"language\":\"sv\"" lines.jsonl || fail "a line in another language stayed"
expect_exit 0 gpt-clean pages.jsonl --rule 'language-of-lines keep=sv' --rejected rejected.jsonl -q
grep -q '"id":3.*"rejected":"empty"' rejected.jsonl || fail "a document of which nothing is left was not dropped"

# Sentences: so does the second.
expect_exit 0 gpt-clean pages.jsonl --language sv --language-unit sentence -o sentences.jsonl -q
for id in 1 2; do
  grep -q "^{\"text\":\"$swedish\",\"id\":$id," sentences.jsonl || fail "a sentence in another language stayed in $id"
done
[ "$(wc -l <sentences.jsonl)" -eq 2 ] || fail "documents in other languages stayed"
for threads in 1 3; do
  expect_exit 0 gpt-clean pages.jsonl --language sv --language-unit sentence --threads $threads -q
  expect_same stdout sentences.jsonl
done

# How sure it has to be.
expect_exit 0 gpt-clean pages.jsonl --language nn --language-confidence 0.5 -q
[ "$(wc -l <stdout)" -eq 1 ] || fail "a sure document was dropped"
expect_exit 2 gpt-clean pages.jsonl --language nn --language-confidence 1.5
expect_exit 2 gpt-clean pages.jsonl --language-unit line
expect_stderr 'say how --language works'
expect_exit 2 gpt-clean pages.jsonl --language sv --language-unit word

# A damaged model.
mkdir -p share/language
printf 'GPTLANG\nnothing more than that, and no checksum' >share/language/languages.model
expect_exit 1 env GPT_SHARE="$PWD/share" gpt-clean pages.jsonl --language sv
expect_stderr 'share/language/languages.model: language model is damaged'
