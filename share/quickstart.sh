#!/bin/sh
# The whole road on one machine: a Swedish web site is crawled, cleaned, deduplicated and made into tokens; a small
# GPT is trained on it and writes Swedish. Run again after an interruption, it goes on where it was.
set -eu

usage() {
  cat <<'TEXT'
Usage: sh share/quickstart.sh [--quick] [--no-install] [FOLDER]

  FOLDER        where everything is kept (default: quickstart, or quickstart-quick with --quick)
  --quick       the same road with fewer pages and a smaller model, in about 2 minutes after the build
  --no-install  do not install missing packages

The site is Debian's Swedish installation guide and LibreOffice's Swedish help, with English and Danish pages among
them for the language filter to drop. It is served on loopback by busybox httpd, on port $GPT_QUICKSTART_PORT (8137).
TEXT
}

quick=no
install=yes
folder=
for argument in "$@"; do
  case $argument in
    --quick) quick=yes ;;
    --no-install) install=no ;;
    -h | --help) usage; exit 0 ;;
    -*) echo "quickstart.sh: unknown option '$argument'" >&2; usage >&2; exit 2 ;;
    *) folder=$argument ;;
  esac
done

source=$(cd "$(dirname "$0")/.." && pwd)
port=${GPT_QUICKSTART_PORT:-8137}
if [ "$quick" = yes ]; then
  folder=${folder:-quickstart-quick}
  max_pages=500 vocab=2000 layers=2 hidden=128 heads=4 sequence=128 batch=8 iterations=220 warmup=20
else
  folder=${folder:-quickstart}
  max_pages=5000 vocab=8000 layers=4 hidden=256 heads=4 sequence=256 batch=16 iterations=600 warmup=50
fi

as_root=
[ "$(id -u)" -eq 0 ] || as_root=sudo
mkdir -p "$folder"
cd "$folder"
server=
stop_server() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  server=
}
trap stop_server EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# say TEXT: a headline. run COMMAND...: shows the command as it can be copied, then runs it.
say() { printf '\n== %s\n' "$*"; }
run() {
  printf '$'
  for word in "$@"; do
    case $word in
      *[!A-Za-z0-9_./:=,@%+-]* | '') printf " '%s'" "$word" ;;
      *) printf ' %s' "$word" ;;
    esac
  done
  printf '\n'
  "$@"
}
# have FILE: true, with a word about it, when a stage's output is there already.
have() {
  [ -e "$1" ] || return 1
  echo "($1 is there already: skipped)"
}
# mixed BYTES: shuffles lines by the bytes of a file, so the same way at every run.
mixed() { shuf --random-source="$1"; }
# figures REPORT FILTER: a line of figures from a stage's report.
figures() { jq -r "$2" "$1"; }

if [ -f "$source/CMakePresets.json" ]; then
  [ "$install" = no ] || sh "$source/share/install-deps.sh"
  say "Build"
  (cd "$source" && run cmake --preset release -DGPT_BUILD_TESTS=OFF -B build/quickstart >/dev/null &&
    run cmake --build build/quickstart)
  PATH=$source/build/quickstart/bin:$PATH
fi
command -v gpt-crawl >/dev/null || { echo "quickstart.sh: gpt-crawl is not on PATH" >&2; exit 1; }

say "1. A web site: Debian's Swedish installation guide and LibreOffice's Swedish help"
fetch_site() {
  mkdir -p packages site.tmp
  command -v apt-get >/dev/null || { echo "quickstart.sh: the sample site comes from Debian packages; apt-get is needed" >&2; exit 1; }
  apt-cache show libreoffice-help-sv >/dev/null 2>&1 || run ${as_root:+"$as_root"} apt-get update -qq
  (cd packages && for package in installation-guide-amd64 libreoffice-help-sv; do
    ls "$package"_*.deb >/dev/null 2>&1 || run apt-get download -qq -o APT::Sandbox::User=root "$package"
  done)
  for deb in packages/*.deb; do dpkg -x "$deb" packages/unpacked; done
  guide=packages/unpacked/usr/share/doc/installation-guide-amd64
  for language in sv en da; do cp -r "$guide/$language" "site.tmp/guide-$language"; done
  cp -r packages/unpacked/usr/share/libreoffice/help site.tmp/help
  {
    echo '<!DOCTYPE html><html lang="sv"><head><meta charset="utf-8"><title>Handböcker</title></head><body><ul>'
    echo '<li><a href="guide-sv/index.html">Installationshandbok</a></li>'
    echo '<li><a href="guide-en/index.html">Installation guide</a></li>'
    echo '<li><a href="guide-da/index.html">Installationsvejledning</a></li>'
    # mixed, but the same at every run, so that the first pages are of every kind
    (cd site.tmp && find help/sv -name '*.html') | LC_ALL=C sort | mixed packages/libreoffice-help-sv_*.deb |
      sed 's|.*|<li><a href="&">&</a></li>|'
    echo '</ul></body></html>'
  } >site.tmp/index.html
  mv site.tmp site
}
have site || fetch_site

say "2. gpt-crawl: pages and their text"
crawl() {
  busybox httpd -f -p "127.0.0.1:$port" -h site &
  server=$!
  sleep 1
  kill -0 "$server" 2>/dev/null || {
    echo "quickstart.sh: port $port is taken; choose another: GPT_QUICKSTART_PORT=9137 sh share/quickstart.sh" >&2
    exit 1
  }
  run gpt-crawl "http://127.0.0.1:$port/index.html" -o pages.jsonl -m "$max_pages" --links links.txt \
    --allow-private --delay 0 --connections-per-host 4 --report crawl.json
  stop_server
}
have pages.jsonl || crawl
figures crawl.json '"\(.pages) pages, \(.seconds | floor) s"'

say "3. gpt-clean: Swedish only, without fragments"
have clean.jsonl || run gpt-clean pages.jsonl -o clean.jsonl --language sv --min-chars 200 --report clean.json
figures clean.json '"\(.documents_in) documents in, \(.documents_out) out; dropped: \(.reasons // {} | tojson)"'

say "4. gpt-dedup: one of each"
have unique.jsonl || run gpt-dedup clean.jsonl -o unique.jsonl --char-ngram 5 --seeds 100 --bands 20 --threshold 0.8 \
  --report dedup.json
figures dedup.json '"\(.documents_in) documents in, \(.documents_out) out"'

# Training and validation documents are cut from the order of the file: mixed, both are of every kind.
have mixed.jsonl || { mixed clean.jsonl <unique.jsonl >mixed.jsonl.tmp && mv mixed.jsonl.tmp mixed.jsonl; }

say "5. gpt-bpe-train: a vocabulary of $vocab tokens"
have vocab/vocab.json || run gpt-bpe-train mixed.jsonl -o vocab --vocab-size "$vocab" --report bpe.json
figures bpe.json '"\(.vocabulary_size) tokens from \(.bytes) bytes of text"'

say "6. gpt-preprocess: token ids"
have data_text_document.idx || run gpt-preprocess --input mixed.jsonl --output-prefix data --vocab-file vocab/vocab.json \
  --merge-file vocab/merges.txt --tokenizer-type GPT2BPETokenizer --append-eod --report preprocess.json
figures preprocess.json '"\(.documents) documents, \(.tokens) tokens"'

say "7. gpt-estimate: what the training will cost"
run gpt-estimate model --num-layers "$layers" --hidden-size "$hidden" --num-attention-heads "$heads" \
  --seq-length "$sequence" --vocab-size "$vocab" --micro-batch-size "$batch" --device cpu --tflops 0.15 --train-iters "$iterations"

say "8. gpt-train: $layers layers, hidden size $hidden, $iterations iterations of $batch x $sequence tokens"
train() {
  run gpt-train --data-path data_text_document --vocab-file vocab/vocab.json --merge-file vocab/merges.txt \
    --num-layers "$layers" --hidden-size "$hidden" --num-attention-heads "$heads" --seq-length "$sequence" \
    --max-position-embeddings "$sequence" --micro-batch-size "$batch" --global-batch-size "$batch" \
    --train-iters "$iterations" --lr 1e-3 --min-lr 1e-4 --lr-decay-style cosine --lr-warmup-iters "$warmup" \
    --weight-decay 0.1 --adam-beta2 0.95 --attention-dropout 0 --hidden-dropout 0 --split 90,10,0 \
    --eval-interval "$((iterations / 4))" --eval-iters 10 --log-interval "$((iterations / 20))" \
    --save model --load model --save-interval "$((iterations / 4))" --metrics metrics.jsonl --report train.json
}
have train.json || train
figures train.json '"validation loss \(.validation_loss * 1000 | round / 1000) nats a token; the unigram entropy of the data is \(.unigram_entropy * 1000 | round / 1000)"'

say "9. gpt-generate: the model writes"
run gpt-generate --load model --prompt "För att öppna ett dokument" --max-new-tokens 80 --temperature 0.7 --top-k 40
run gpt-generate --load model --prompt "Installationsprogrammet" --max-new-tokens 80 --temperature 0.7 --top-k 40

say "Where everything is: $(pwd)"
cat <<'TEXT'
  pages, clean, unique, mixed .jsonl     documents after each stage, one JSON object a line
  vocab/                                 vocab.json and merges.txt, as Hugging Face tokenizers read them
  data_text_document.bin, .idx           token ids in Megatron's format
  model/                                 checkpoints; each is a Hugging Face model folder as well
  metrics.jsonl, *.json                  a line a step, and a report a stage
What to try next
  gpt-generate --load model              type the beginning of a sentence, end with Ctrl-D
  gpt-train --help                       a larger model, more iterations: give a new --save folder
  gpt-crawl https://your.site/ -o pages.jsonl -m 1000
  docs/man/                              a page for each tool (man docs/man/gpt-train.1)
TEXT
