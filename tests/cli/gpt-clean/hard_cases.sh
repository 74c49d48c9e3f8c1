#!/bin/sh
# label: slow
# gpt-clean: inputs on which a careless rule would take hours, the same bytes for any threads and shares with every
# preset, parts that go on after a kill, and disks that are full.
. "$GPT_SOURCE/tests/cli/lib.sh"
limit=120 # seconds for what takes one or two

has_language=yes
case $(gpt-clean --version) in *CLD2*) ;; *) has_language=no ;; esac

# long TEXT: one document of 10 MB that is TEXT over and over, a line feed between pieces.
long() {
  printf '{"text":"'
  yes "$1" | head -c 10000000 | tr -d '\n' | sed 's|[\\]$||'
  printf 'x"}\n'
}
everything=$(gpt-clean rules | sed -n 's/^\([a-z0-9-]*\) (.*/\1/p' | grep -v '^language$')
# All rules at once, each in annotate mode, so that none stops the next.
for rule in $everything; do echo "$rule"; done >all.rules
for text in 'ord ' 'a' ' ' 'a b ' '1' '.' '\n' '&' '[' '[1' '{' '. ' '...' '#' 'https://www.' '&amp' '<' 'å' 'a\n' '\n\n- x.' 'lorem javascript fan ' '12 '; do
  long "$text" >long.jsonl
  timeout $limit gpt-clean long.jsonl --recipe all.rules --annotate -q >out.jsonl 2>stderr || fail "10 MB of '$text'"
  [ "$(wc -l <out.jsonl)" -eq 1 ] || fail "10 MB of '$text' gave $(wc -l <out.jsonl) documents"
done

# The same through every preset, whose rules stop at the first that drops the document.
for preset in megatron gopher c4 fineweb nordic; do
  [ $has_language = yes ] || set -- --without language
  [ $preset != megatron ] || [ $has_language = yes ] || set -- --without language,short-foreign
  for text in 'a' ' ' '. ' 'a b ' '1' '<' '&' '\n' 'ord och en båt. '; do
    long "$text" >long.jsonl
    timeout $limit gpt-clean long.jsonl --preset $preset ${1:+"$@"} -q >out.jsonl 2>stderr ||
      fail "10 MB of '$text' through $preset"
  done
done

# A record of 100,000 fields, which are looked through for those that are renamed.
awk 'BEGIN { printf "{\"text\":\"ord\""; for (i = 0; i < 100000; ++i) printf ",\"f%d\":%d", i, i; print ",\"f7\":\"last\"}" }' >wide.jsonl
timeout 20 gpt-clean wide.jsonl --rename f1=g1 --preset repair -q >out.jsonl 2>stderr || fail "a record of many fields"
grep -q '"g1":1,"f2":2,.*,"f6":6,"f8":8,.*,"f99999":99999,"f7":"last"}$' out.jsonl || fail "fields of a wide record"

# 100,000 documents that are the same, and a million of one word.
yes '{"text":"Det här är en mening som står i alla dokument.\nOch en till, och den står här."}' |
  head -n 100000 >many.jsonl
timeout $limit gpt-clean many.jsonl --recipe all.rules --annotate -q >out.jsonl 2>stderr || fail "the same documents"
[ "$(sort -u out.jsonl | wc -l)" -eq 1 ] || fail "the same document is not always judged the same"
[ "$(wc -l <out.jsonl)" -eq 100000 ] || fail "of 100,000 documents $(wc -l <out.jsonl) came out"
seq 1000000 | sed 's/.*/{"text":"ord&"}/' >many.jsonl
timeout $limit gpt-clean many.jsonl --recipe all.rules --annotate -q >out.jsonl 2>stderr || fail "a million documents"
[ "$(wc -l <out.jsonl)" -eq 1000000 ] || fail "of a million documents $(wc -l <out.jsonl) came out"
rm -f many.jsonl out.jsonl long.jsonl

# Documents of some variety: words, lines and repetition by arithmetic.
awk 'BEGIN {
  split("och att det som en på är av för med till den har de inte om ett hav båt stad väg sol mån regn vind", w, " ")
  for (i = 0; i < 1500; ++i) {
    text = ""
    lines = i % 13 + 1
    for (l = 0; l < lines; ++l) {
      if (l > 0) text = text (l % 5 == 0 ? "\\n\\n" : "\\n")
      count = (i * 7 + l * 3) % 23 + 1
      for (k = 0; k < count; ++k) text = text (k > 0 ? " " : "") w[(i * k + l * (i % 4) + k * k) % 25 + 1] (i % 9 == 0 ? k : "")
      text = text (l % 3 == 0 ? "" : ".")
    }
    printf "{\"id\":%d,\"text\":\"%s\"}\n", i, text
  }
}' >varied.jsonl
for preset in megatron gopher c4 fineweb nordic; do
  [ $has_language = yes ] || set -- --without language
  [ $preset != megatron ] || [ $has_language = yes ] || set -- --without language,short-foreign
  gpt-clean varied.jsonl -o "$preset.jsonl" --rejected "$preset.gone" --preset $preset ${1:+"$@"} \
    --rule 'language keep=sv,no,da,nb,nn' --threads 1 -q || fail "$preset"
  [ -s "$preset.gone" ] || fail "$preset dropped nothing"
  for threads in 2 5; do
    gpt-clean varied.jsonl -o threads.jsonl --rejected threads.gone --preset $preset ${1:+"$@"} \
      --rule 'language keep=sv,no,da,nb,nn' --threads $threads --force -q || fail "$preset, $threads threads"
    expect_same threads.jsonl "$preset.jsonl"
    expect_same threads.gone "$preset.gone"
  done
  for rank in 0 1 2; do
    gpt-clean varied.jsonl -o share.jsonl --rejected share.gone.jsonl --preset $preset ${1:+"$@"} \
      --rule 'language keep=sv,no,da,nb,nn' --rank $rank --world 3 -q || fail "$preset, share $rank"
  done
  cat share.0000?-of-00003.jsonl | cmp - "$preset.jsonl" || fail "$preset: the shares are not the whole"
  cat share.gone.0000?-of-00003.jsonl | cmp - "$preset.gone" || fail "$preset: the rejected of the shares differ"
  rm share.*
done

# A killed share leaves nothing under its name; the others stay, and the same commands finish the work.
i=0
while [ $i -lt 40 ]; do
  cat varied.jsonl
  i=$((i + 1))
done >large.jsonl
gpt-clean large.jsonl -o whole.jsonl --preset repair -q || fail "the whole"
gpt-clean large.jsonl -o part.jsonl --preset repair --rank 0 --world 2 -q || fail "the first share"
mkfifo slow
gpt-clean large.jsonl slow -o part.jsonl --preset repair --rank 1 --world 2 -q 2>/dev/null &
tool=$!
sleep 0.3
kill -9 $tool
wait $tool 2>/dev/null
[ ! -e part.00001-of-00002.jsonl ] || fail "a killed share left a part"
cp part.00000-of-00002.jsonl first.jsonl
for rank in 0 1; do
  gpt-clean large.jsonl -o part.jsonl --preset repair --rank $rank --world 2 -q || fail "share $rank again"
done
expect_same part.00000-of-00002.jsonl first.jsonl
cat part.0000?-of-00002.jsonl | cmp - whole.jsonl || fail "the shares are not the whole after a kill"

# A full disk: one message, exit code 1, nothing under either name.
for output in "-o full.jsonl" "-o /dev/null --rejected full.jsonl --min-chars 100000"; do
  (
    trap '' XFSZ
    ulimit -f 100
    # shellcheck disable=SC2086
    gpt-clean large.jsonl $output --force -q 2>stderr
    [ $? -eq 1 ] || fail "a full disk is not told: $output"
  ) || exit 1
  expect_stderr 'full.jsonl: cannot write: File too large'
  [ "$(wc -l <stderr)" -eq 1 ] || fail "more than one message about a full disk"
  expect_missing full.jsonl
done
if [ -c /dev/full ]; then
  gpt-clean large.jsonl -q >/dev/full 2>stderr
  [ $? -eq 1 ] || fail "a full device is not told"
  expect_stderr 'stdout: cannot write: No space left on device'
fi
