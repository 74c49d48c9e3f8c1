#!/bin/sh
# gpt-clean: what flags make of a preset's rules, and where the rules stand that they add.
. "$GPT_SOURCE/tests/cli/lib.sh"

swedish='Det var en gång en liten by vid havet där alla kände alla och ingen någonsin låste sin dörr. En morgon kom en båt in i hamnen utan att någon hade hört den, och på däck stod en man som ingen hade sett förut. Han frågade efter vägen till kyrkan, men när prästen kom ner för att hälsa på honom var både mannen och båten borta igen. Det är allt som står i den gamla boken om byn och om mannen, och ingen vet vem han var.'
english='We walked down to the beach last night and watched the sun set slowly behind the islands.'
printf '{"text":"%s\\n%s","id":1}\n' "$swedish" "$english" >sv.jsonl

# A preset made for English keeps the lines or sentences of another language, by that language's words.
for preset in gopher c4 nordic megatron; do
  for unit in line sentence; do
    expect_exit 0 gpt-clean sv.jsonl --preset $preset --language sv --language-unit $unit --language-field "" \
      --min-tokens 20 --min-chars 100 -q
    printf '{"text":"%s","id":1}\n' "$swedish" | cmp - stdout || fail "$preset by $unit: $(cat stdout)"
  done
done

# Without the rule on language the others still know it.
printf '{"text":"%s"}\n' "$swedish" >only.jsonl
expect_exit 0 gpt-clean only.jsonl --preset nordic --without language -q
expect_same stdout only.jsonl
expect_exit 0 gpt-clean only.jsonl --preset gopher --without language -q
expect_same stdout only.jsonl
gpt-clean rules --preset nordic --without language | grep -v '^identify-language$' >own.rules
! grep -q language own.rules || grep -q '^boilerplate-lines languages=' own.rules || fail "a rule on language is left"
expect_exit 0 gpt-clean only.jsonl --recipe own.rules --language sv --language-field "" -q
expect_same stdout only.jsonl

# What is judged is what is written.
printf '{"text":"Jag heter Åsa och bor här.\\n%s"}\n' "$english $english" >mixed.jsonl
expect_exit 0 gpt-clean mixed.jsonl --language sv --language-unit line --annotate -q
expect_stdout '"text":"Jag heter Åsa och bor här\.".*"word-count":6[,}]'

# 0 takes a preset's limit away.
printf '{"text":"Det här är en kort mening på svenska."}\n' >short.jsonl
expect_exit 0 gpt-clean short.jsonl --preset megatron --language sv --language-field "" --min-tokens 0 --min-chars 0 -q
expect_same stdout short.jsonl

# `rules` shows what flags do.
expect_exit 0 gpt-clean rules --preset c4 --language sv --language-unit line --min-chars 5
expect_stdout '^language-of-lines keep=sv$'
expect_stdout '^min-chars min=5$'
! grep -q '^language ' stdout || fail "the rule on documents is left"
expect_exit 0 gpt-clean rules --min-words-per-sentence 3 --split-sentences --redact email
[ "$(tail -n 5 stdout | tr '\n' ' ')" = "identify-language min-words-per-sentence min=3 empty split-sentences redact-email " ] ||
  fail "the recipe is $(cat stdout)"

# A vocabulary counts for the preset's min-tokens, for that of --rule, and for statistics.
vocabulary="--vocab-file $GPT_SOURCE/tests/data/golden/bpe_gpt2_1200/vocab.json --merge-file $GPT_SOURCE/tests/data/golden/bpe_gpt2_1200/merges.txt"
# shellcheck disable=SC2086
{
  expect_exit 0 gpt-clean only.jsonl --preset megatron --language sv --language-field "" --min-chars 0 $vocabulary -q
  expect_same stdout only.jsonl
  expect_exit 0 gpt-clean only.jsonl --rule 'min-tokens min=100000' --rejected gone.jsonl $vocabulary -q
  tokens=$(sed 's/.*"rejected_detail":"\([0-9]*\) tokens"}/\1/' gone.jsonl)
  [ "$tokens" -gt 130 ] || fail "four bytes were taken for a token: $(cat gone.jsonl)"
  expect_exit 0 gpt-clean only.jsonl --statistics --report tokens.json --force -o o.jsonl $vocabulary
  grep -q "\"tokens\":$tokens,.*\"tokens_per_document\":{\"count\":1,\"sum\":$tokens,.*\"tokens\":$tokens," tokens.json ||
    fail "statistics without tokens: $(cat tokens.json)"
  # what is written with --annotate is the whole number, though 20 are enough
  expect_exit 0 gpt-clean only.jsonl --min-tokens 20 --annotate $vocabulary -q
  expect_stdout "\"min-tokens\":$tokens[,}]"
}
expect_exit 1 gpt-clean only.jsonl --min-tokens 20 --vocab-file "$GPT_SOURCE/tests/data/golden/bpe_gpt2_1200/vocab.json"
expect_stderr 'vocab.json.* needs its merges.txt: --merge-file'

# --annotate drops nothing, and neither table nor report says that it did.
expect_exit 0 gpt-clean short.jsonl --min-chars 1000 --annotate -o annotated.jsonl --report annotated.json
expect_stderr '1 documents would be dropped  min-chars'
grep -q '"fails":{.*"min-chars":1' annotated.json || fail "the report does not say what fails"
! grep -q '"reasons"' annotated.json || fail "the report says that documents were dropped"

# What was done is told: on stderr, and as a recipe in the report.
expect_stderr '^gpt-clean: preset repair, 8 rules$'
expect_exit 0 gpt-clean only.jsonl --language sv -o told.jsonl --report told.json
expect_stderr '^gpt-clean: preset nordic, [0-9]+ rules$'
grep -q '"recipe_begins_with":"preset nordic","recipe":"html-entities\\n.*language keep=sv\\n' told.json || fail "the report holds no recipe"
! grep -q '"language":0' annotated.json || fail "a rule on language is counted that nobody asked for"

# A language of one's own.
expect_exit 0 gpt-clean only.jsonl --preset gopher --language et -q
expect_stderr 'stop-words has no list for et'
expect_exit 0 gpt-clean only.jsonl --preset gopher --language sv --rule 'stop-words words=zebra,giraff' --rejected words.jsonl -q
grep -q '"rejected":"stop-words","rejected_detail":"0, less than 2"' words.jsonl || fail "words of one's own do not count"
printf '{"text":"Verð 1.500 kr. og ekki meira. Dr. Jón kom 17. júní."}\n' >is.jsonl
expect_exit 0 gpt-clean is.jsonl --sentence-language is --split-sentences -q
printf '{"text":"Verð 1.500 kr. og ekki meira.\\nDr. Jón kom 17. júní."}\n' | cmp - stdout || fail "Icelandic: $(cat stdout)"

# A long line that mentions JavaScript is no boilerplate.
printf '{"text":"%s JavaScript nämns en gång. %s"}\n' "$swedish" "$swedish" | sed 's/Det är allt/Det var nästan allt/' >js.jsonl
expect_exit 0 gpt-clean js.jsonl --rule 'javascript-lines max-characters=160' -q
expect_same stdout js.jsonl
expect_exit 0 gpt-clean js.jsonl --rule javascript-lines -q
expect_same stdout /dev/null
gpt-clean rules --preset nordic | grep -q '^javascript-lines max-characters=160$' || fail "nordic has no limit"

# Phrases are found across a line end.
printf '{"text":"det var foo\\nbar och slut"}\n' >phrase.jsonl
printf 'foo bar\n' >list.txt
expect_exit 0 gpt-clean phrase.jsonl --bad-words list.txt -q
expect_same stdout /dev/null

# What contradicts itself is refused.
refused() {
  pattern=$1
  shift
  expect_exit 2 gpt-clean short.jsonl -o refused.jsonl "$@"
  expect_stderr "$pattern"
  expect_missing refused.jsonl
}
refused 'no sentence would stay' --min-chars-per-sentence 9 --max-chars-per-sentence 3
refused 'every document would go' --rule 'word-count min=5 max=3'
refused 'min is given twice' --rule 'min-chars min=5 min=6'
refused "'text' is given twice" --fields text,text
refused "'qq' is no language" --sentence-language qq
refused "'abc' is no whole number from 0 on" --min-chars abc
refused "error: --rename: 'a' is no OLD=NEW" --rename a
: >empty.txt
refused 'a list of words: it has none' --bad-words empty.txt
printf 'sk\344l\n' >latin.txt
refused 'a list in UTF-8' --bad-words latin.txt

# A share's part of --rejected that is gone is made again.
expect_exit 0 gpt-clean short.jsonl -o w.jsonl --rejected r.jsonl --min-chars 1000 --rank 0 --world 2 -q
rm r.00000-of-00002.jsonl
expect_exit 0 gpt-clean short.jsonl -o w.jsonl --rejected r.jsonl --min-chars 1000 --rank 0 --world 2 -q
[ -s r.00000-of-00002.jsonl ] || fail "the part of --rejected is not there again"
