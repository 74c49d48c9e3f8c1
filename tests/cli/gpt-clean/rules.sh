#!/bin/sh
# gpt-clean: where the rules come from, and what is said of a recipe that is wrong.
. "$GPT_SOURCE/tests/cli/lib.sh"

expect_exit 0 gpt-clean rules
expect_quiet
for rule in mojibake whitespace empty min-chars; do expect_stdout "^$rule \("; done
expect_exit 0 gpt-clean rules min_chars
expect_stdout '^min-chars \(drops documents\)'
expect_stdout '^      min=0 '
expect_exit 2 gpt-clean rules min-cahrs
expect_stderr "there is no rule 'min-cahrs'; did you mean 'min-chars'"
expect_exit 2 gpt-clean rules empty --rule 'min-chars min=1'

# A recipe that is written is one that can be read; --rule changes a rule where it stands.
printf '{"text":"kort"}\n{"text":"en  mening"}\n' >in.jsonl
expect_exit 0 gpt-clean rules --rule 'min-chars min=5' --without normalization,mojibake
cp stdout mine.rules
[ "$(tr '\n' ' ' <mine.rules)" = "html-entities terminal-escapes invisible-characters whitespace empty min-chars min=5 " ] ||
  fail "the recipe is $(cat mine.rules)"
expect_exit 0 gpt-clean in.jsonl --recipe mine.rules -q
printf '{"text":"en mening"}\n' | cmp - stdout || fail "the recipe was not followed"
expect_exit 0 gpt-clean in.jsonl --recipe mine.rules --rule 'min-chars min=3' -q
printf '{"text":"kort"}\n{"text":"en mening"}\n' | cmp - stdout || fail "--rule does not change the recipe"
expect_exit 0 gpt-clean in.jsonl --recipe mine.rules --min-chars 10 --without whitespace -q
printf '{"text":"en  mening"}\n' | cmp - stdout || fail "a flag does not change the recipe"

# Mistakes: exit code 2, the place, nothing written.
expect_exit 2 gpt-clean in.jsonl -o out.jsonl --rule 'min-chars min=many'
expect_stderr "rule min-chars: min=many is not a whole number from 0 on"
expect_missing out.jsonl
expect_exit 2 gpt-clean in.jsonl -o out.jsonl --without language
expect_stderr '--without language: the recipe has no such rule'
printf 'empty\nlangage keep=sv\n' >wrong.rules
expect_exit 2 gpt-clean in.jsonl -o out.jsonl --recipe wrong.rules
expect_stderr "wrong.rules:2: there is no rule 'langage'; did you mean 'language'"
expect_exit 2 gpt-clean in.jsonl --preset none
expect_stderr "there is no preset 'none'"
expect_exit 1 gpt-clean in.jsonl --recipe missing.rules
expect_stderr 'missing.rules'
expect_exit 2 gpt-clean in.jsonl --recipe mine.rules --preset nordic
expect_missing out.jsonl

# a list of words too large for its table
printf 'kort\n' >short.txt
awk 'BEGIN { for (i = 0; i < 60000; ++i) { for (c = 33; c < 127; ++c) printf "%c", c; print "x" i } }' >huge.list
expect_exit 2 gpt-clean short.txt --bad-words huge.list
expect_stderr 'a list of a few megabytes at most'
awk 'BEGIN { printf "javascript-lines phrases="; for (i = 0; i < 90000; ++i) { for (c = 45; c < 92; ++c) printf "%c", c; for (c = 97; c < 123; ++c) printf "%c", c; printf "x%d,", i } }' >huge.rules
expect_exit 2 gpt-clean short.txt --recipe huge.rules
expect_stderr 'rule javascript-lines: phrases=.*\.\.\. is not a list of a few megabytes at most'
[ "$(wc -c <stderr)" -lt 500 ] || fail "the message holds the whole list"

# phrases within each other, of which each letter of the text ends two thousand
awk 'BEGIN { for (i = 0; i < 2000; ++i) { text = text "a "; print substr(text, 1, length(text) - 1) } }' >nested.list
awk 'BEGIN { printf "{\"text\":\""; for (i = 0; i < 500000; ++i) printf "a "; print "\"}" }' >nested.jsonl
timeout 60 gpt-clean nested.jsonl --bad-words nested.list --annotate -q >nested.out || fail "phrases within each other"
grep -q '"bad-words":9.98001e+08' nested.out || fail "phrases within each other are counted wrong"
timeout 60 gpt-clean nested.jsonl --bad-words nested.list -q >nested.out || fail "phrases within each other, dropped"
[ ! -s nested.out ] || fail "phrases within each other are kept"
