#!/bin/sh
# gpt-dedup: which of a group stays, what is there already, groups, addresses, words.
. "$GPT_SOURCE/tests/cli/lib.sh"

cat >a.jsonl <<'END'
{"id":"a1","q":1,"text":"The lighthouse keeper climbs the stairs every evening and lights the lamp."}
{"id":"a2","q":5,"text":"THE lighthouse keeper climbs the stairs every evening and lights the lamp."}
{"id":"a3","q":2,"text":"Pancakes are made of eggs, milk and flour, and eaten with jam on Thursdays."}
END
cat >b.jsonl <<'END'
{"id":"b1","q":9,"text":"The lighthouse keeper climbs the stairs every evening and lights the lamp. "}
{"id":"b2","q":3,"text":"The lighthouse keeper climbs the stairs each evening and lights the lamp, too."}
{"id":"b3","q":4,"text":"Nothing like it anywhere else."}
END
near="--seeds 200 --bands 100 --threshold 0.5"

# kept OPTION...: the ids that stay, on one line.
kept() { gpt-dedup -q a.jsonl b.jsonl $near "$@" 2>stderr | sed 's/.*"id":"\([^"]*\)".*/\1/' | tr '\n' ' '; }
expect_kept() {
  wanted=$1
  shift
  seen=$(kept "$@")
  [ "$seen" = "$wanted " ] || fail "$* keeps: $seen, not: $wanted"
}
expect_kept 'a1 a3 b3'
expect_kept 'a3 b2 b3' --keep longest
expect_kept 'a3 b1 b3' --keep-field q
expect_kept 'a3 b1 b3' --priority b.jsonl
expect_kept 'a2 a3 b3' --priority a.jsonl --keep-field q
expect_kept 'a1 a2 a3 b3' --across-only
expect_kept 'a3 b1 b2 b3' --across-only --priority b.jsonl,a.jsonl
for threads in 1 3; do expect_kept 'a3 b2 b3' --keep longest --threads $threads; done
near=
expect_kept 'a1 a3 b2 b3' --method exact
expect_kept 'a3 b1 b2 b3' --method exact --keep best --keep-field q
near="--seeds 200 --bands 100 --threshold 0.5"

# What is there already: neither it nor what repeats it is written.
gpt-dedup -q b.jsonl --against a.jsonl $near >added.jsonl || fail "exit code $?"
sed -n 3p b.jsonl >expected
expect_same added.jsonl expected
gpt-dedup -q b.jsonl --against a.jsonl --method exact >added.jsonl || fail "exit code $?"
sed -n 2,3p b.jsonl >expected
expect_same added.jsonl expected
gzip -k a.jsonl
cat b.jsonl | gpt-dedup -q - --against a.jsonl.gz --method exact >again.jsonl || fail "exit code $?"
expect_same again.jsonl added.jsonl

# Groups, with what they are like.
expect_exit 0 gpt-dedup -q a.jsonl b.jsonl $near --groups groups.jsonl -o kept.jsonl
[ "$(wc -l <groups.jsonl)" -eq 1 ] || fail "not one group: $(cat groups.jsonl)"
grep -q '^{"chosen":{"file":"a.jsonl","line":1},"members":\[{"file":"a.jsonl","line":1,"kept":true},' groups.jsonl ||
  fail "another group: $(cat groups.jsonl)"
grep -q '{"file":"a.jsonl","line":2,"kept":false,"equal":true}' groups.jsonl || fail "a2 is not equal"
grep -Eq '\{"file":"b.jsonl","line":2,"kept":false,"jaccard":0\.[6-8][0-9]*,"signature":0\.' groups.jsonl ||
  fail "b2 has no similarity: $(cat groups.jsonl)"
expect_exit 0 gpt-dedup -q a.jsonl b.jsonl --method exact --groups exact.jsonl -o kept2.jsonl
grep -c '"equal":true' exact.jsonl | grep -qx 1 || fail "not one group of equal ones"
gzip -k b.jsonl
expect_exit 0 gpt-dedup -q a.jsonl.gz b.jsonl.gz $near --groups packed.jsonl -o kept3.jsonl
sed 's/\.gz//g' packed.jsonl >unpacked.jsonl
expect_same unpacked.jsonl groups.jsonl

# Words as shingles; case folded.
printf '{"text":"one two three four five six"}\n{"text":"One, two; three (four) FIVE -- six!"}\n' >words.jsonl
expect_exit 0 gpt-dedup -q words.jsonl --word-ngram 3
[ "$(wc -l <stdout)" -eq 1 ] || fail "words differ by what lies between them"
expect_exit 0 gpt-dedup -q words.jsonl
[ "$(wc -l <stdout)" -eq 2 ] || fail "characters do not differ"
printf '{"text":"some words in capitals and small"}\n{"text":"SOME words in CAPITALS and small!"}\n' >case.jsonl
expect_exit 0 gpt-dedup -q case.jsonl --fold
[ "$(wc -l <stdout)" -eq 1 ] || fail "case counts with --fold"

# Addresses.
cat >pages.jsonl <<'END'
{"url":"https://example.se/a","text":"first"}
{"url":"http://www.example.se/a/?utm_source=mail#top","text":"second, longer"}
{"url":"https://example.se/b","text":"first"}
END
expect_exit 0 gpt-dedup -q pages.jsonl --method url
sed -n '1p;3p' pages.jsonl >expected
expect_same stdout expected
expect_exit 0 gpt-dedup -q pages.jsonl --method url --keep longest
sed -n 2,3p pages.jsonl >expected
expect_same stdout expected
# Documents without an address are not duplicates of each other, in one reading or two.
printf '%s\n' '{"text":"a","url":""}' '{"text":"b","url":" "}' '{"text":"c","url":"https://"}' '{"text":"d","url":"#top"}' \
  '{"text":"e","url":"https://example.se/"}' >addressless.jsonl
cat addressless.jsonl pages.jsonl >addresses.jsonl
expect_exit 0 gpt-dedup -q addressless.jsonl --method url
expect_same stdout addressless.jsonl
expect_exit 0 gpt-dedup -q addressless.jsonl --method url --keep longest
expect_same stdout addressless.jsonl
expect_exit 1 gpt-dedup -q a.jsonl --method url
expect_stderr 'a.jsonl:1: the field "url" is missing'

# What does not go together.
expect_exit 2 gpt-dedup a.jsonl --keep best
expect_exit 2 gpt-dedup a.jsonl --keep longest --keep-field q
expect_exit 2 gpt-dedup a.jsonl --priority c.jsonl
expect_stderr "names 'c.jsonl', which is none of the inputs"
expect_exit 2 gpt-dedup a.jsonl --char-ngram 5 --word-ngram 3
expect_exit 2 gpt-dedup a.jsonl --groups g --pairs g
expect_exit 2 gpt-dedup - --against -

# Texts without a shingle are duplicates only where they are equal.
printf '{"text":"%s"}\n' '!!!' '???' '...' '!!!' >marks.jsonl
for verify in --verify --no-verify; do
  expect_exit 0 gpt-dedup marks.jsonl -o - --word-ngram 3 "$verify"
  [ "$(wc -l <stdout)" = 3 ] || fail "$verify: not the three different texts: $(cat stdout)"
done
