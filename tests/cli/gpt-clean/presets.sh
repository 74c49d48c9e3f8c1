#!/bin/sh
# gpt-clean: what the presets keep and drop, --annotate, --min-tokens and --bad-words.
. "$GPT_SOURCE/tests/cli/lib.sh"

case $(gpt-clean --version) in
  *CLD2*) ;;
  *)
    echo "SKIPPED: this build has no CLD2"
    exit 77
    ;;
esac

# documents NAME: the names of the documents kept, with "url" before each.
kept() { sed 's/.*"url":"\([^"]*\)".*/\1/' stdout | tr '\n' ' '; }
expect_kept() { [ "$(kept)" = "$1" ] || fail "kept $(kept), not $1"; }

swedish='Det var en gång en liten by vid havet där alla kände alla och ingen någonsin låste sin dörr. En morgon kom en båt in i hamnen utan att någon hade hört den, och på däck stod en man som ingen hade sett förut. Han frågade efter vägen till kyrkan, men när prästen kom ner för att hälsa på honom var både mannen och båten borta igen.'
menu=$(yes 'Kontakta kundtjänst idag\n' | head -n 30 | tr -d '\n')
numbers=$(seq 100000 100060 | tr '\n' ' ')
cat >in.jsonl <<END
{"url":"text","text":"$swedish"}
{"url":"banner","text":"$swedish\nVi använder cookies för att ge dig en bättre upplevelse.\nDela på Facebook"}
{"url":"menu","text":"$menu"}
{"url":"numbers","text":"Det här är en tabell och inget annat än det: $numbers"}
{"url":"lorem","text":"$swedish Lorem ipsum dolor sit amet."}
{"url":"short","text":"Den här meningen är kort men fullständig."}
END

# nordic, asked for or meant by the languages; the boilerplate goes, the text around it stays.
expect_exit 0 gpt-clean in.jsonl --preset nordic --language sv -q
expect_kept "text banner short "
cp stdout nordic.jsonl
! grep -q 'cookies\|Facebook' stdout || fail "boilerplate is left"
expect_exit 0 gpt-clean in.jsonl --language sv -q
expect_same stdout nordic.jsonl
expect_exit 0 gpt-clean in.jsonl --language sv --preset repair -q
expect_kept "text banner menu numbers lorem short "
expect_exit 0 gpt-clean in.jsonl --language sv --preset gopher --rejected gone.jsonl -q
expect_kept "text banner lorem "
grep -q '"url":"short".*"rejected":"word-count","rejected_detail":"7, less than 50"' gone.jsonl ||
  fail "gopher gives no reason: $(cat gone.jsonl)"

# Every preset is a recipe that can be read, and takes another language.
for preset in megatron gopher c4 fineweb nordic; do
  expect_exit 0 gpt-clean rules --preset $preset
  expect_stdout '^language keep='
  expect_exit 0 gpt-clean in.jsonl --preset $preset -q
  [ $preset = nordic ] || expect_same stdout /dev/null
  gpt-clean rules --preset $preset >written.rules || fail "cannot write $preset"
  gpt-clean in.jsonl --preset $preset --language sv -q >by_preset || fail "preset $preset"
  gpt-clean in.jsonl --recipe written.rules --language sv -q | cmp - by_preset || fail "$preset as a recipe differs"
done

# c4 keeps sentences; megatron goes by length.
expect_exit 0 gpt-clean in.jsonl --preset c4 --language sv -q
expect_kept "text banner "
expect_exit 0 gpt-clean in.jsonl --preset megatron --language sv --without min-chars --min-tokens 70 -q
expect_kept "text banner menu numbers lorem "

# --annotate drops nothing and says what would go, with what was measured.
expect_exit 0 gpt-clean in.jsonl --language sv --annotate -q
[ "$(wc -l <stdout)" -eq 6 ] || fail "--annotate dropped documents"
expect_stdout '"url":"text",.*"quality":\{.*"word-count":67,.*\},"fails":\[\]\}$'
expect_stdout '"url":"menu",.*"fails":\[.*"duplicate-lines".*\]\}$'
expect_stdout '"url":"lorem",.*"lorem-ipsum":1.*"fails":\["lorem-ipsum"\]\}$'
expect_exit 2 gpt-clean in.jsonl -o out.txt --annotate
expect_stderr 'fields, which text has not'
expect_missing out.txt

# Tokens by a vocabulary; bad words by a list.
expect_exit 0 gpt-clean in.jsonl --preset repair --min-tokens 20 -q
expect_kept "text banner menu numbers lorem "
expect_exit 2 gpt-clean in.jsonl --vocab-file vocab.json
expect_stderr 'count tokens for --min-tokens'
expect_exit 1 gpt-clean in.jsonl -o out.jsonl --min-tokens 20 --vocab-file vocab.json --merge-file merges.txt
expect_stderr 'vocab.json'
expect_missing out.jsonl
printf '# a list\nPRÄSTEN\ntabell\n' >"bad words.txt"
expect_exit 0 gpt-clean in.jsonl --preset repair --bad-words "bad words.txt" -q
expect_kept "menu short "
expect_exit 1 gpt-clean in.jsonl --bad-words missing.txt
expect_stderr 'missing.txt'
