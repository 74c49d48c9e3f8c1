#!/bin/sh
# What the language model is trained on is gathered from packages: word lists in Latin-1, MediaWiki's messages, and
# the frequencies of words; twice the same.
. "$GPT_SOURCE/tests/cli/lib.sh"
scripts=$GPT_SOURCE/share/language
if ! command -v dpkg-deb >/dev/null || ! command -v python3 >/dev/null; then
  echo "SKIPPED: dpkg-deb or python3 is missing, so no package can be made and read"
  exit 77
fi

root=package
mkdir -p $root/DEBIAN $root/usr/share/dict $root/usr/share/mediawiki/languages/i18n gathered/packages
printf 'Package: tiny\nVersion: 1\nArchitecture: all\nMaintainer: nobody <nobody@example.org>\nDescription: tiny\n' \
  >$root/DEBIAN/control
printf 'b\345t\n\370y\nmat\n' >$root/usr/share/dict/bokmaal
printf 'ø\nbåd\nmad\nbåt\n' >$root/usr/share/dict/danish
cat >$root/usr/share/mediawiki/languages/i18n/fo.json <<'JSON'
{"@metadata": {"authors": ["Someone Else"]},
 "a": "Henda '''síðan''' er {{PLURAL:$1|goymd}} [[Special:Log|her á síðuni]].",
 "b": "* Vinarliga bíða.\nRoyn aftur seinni."}
JSON
printf '{"a": "What the message is for."}' >$root/usr/share/mediawiki/languages/i18n/qqq.json
dpkg-deb --root-owner-group -b $root gathered/packages/tiny_1_all.deb >/dev/null || fail "no package"

expect_exit 0 python3 "$scripts/gather_texts.py" gathered tiny
printf 'båt\nmat\nøy\n' | cmp -s - gathered/words/nb.txt || fail "words of nb: $(cat gathered/words/nb.txt)"
printf 'Henda síðan er her á síðuni.\nRoyn aftur seinni.\nVinarliga bíða.\n' | cmp -s - gathered/texts/fo.txt ||
  fail "texts of fo: $(cat gathered/texts/fo.txt)"
[ ! -e gathered/texts/other.txt ] || fail "documentation of messages was taken for a language"

# Bokmål from the newspapers, Danish by its own words there and by its cognates.
printf '# a comment\nb\345t * 10 B\nmat * 4 B\nu=kjent *\n' >norsk.words
expect_exit 0 python3 "$scripts/word_frequencies.py" gathered norsk.words
printf 'båt\t57.7\nmat\t5.1\nøy\t0.0\n' | cmp -s - gathered/words/nb.txt || fail "nb: $(cat gathered/words/nb.txt)"
printf 'båd\t57.7\nbåt\t57.7\nmad\t5.1\n' | cmp -s - gathered/words/da.txt || fail "da: $(cat gathered/words/da.txt)"

cp -r gathered once
expect_exit 0 python3 "$scripts/gather_texts.py" gathered tiny
expect_exit 0 python3 "$scripts/word_frequencies.py" gathered norsk.words
diff -r once gathered || fail "gathered twice, the texts differ"
