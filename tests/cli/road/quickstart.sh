#!/bin/sh
# label: slow
# The README's first command in its quick form, from Debian's packages to generated text; and again, which skips all.
. "$GPT_SOURCE/tests/cli/lib.sh"

if ! apt-get download --print-uris libreoffice-help-sv >/dev/null 2>&1; then
  echo "SKIPPED: apt-get cannot fetch Debian packages here, so the quickstart is not walked"
  exit 77
fi
expect_exit 0 sh "$GPT_SOURCE/share/quickstart.sh" --quick --no-install "$scratch/road"
expect_stdout 'validation loss [0-9.]+ nats a token; the unigram entropy of the data is [0-9.]+'
[ -s road/model/latest ] || fail "there is no checkpoint"
loss=$(jq .validation_loss road/train.json)
entropy=$(jq .unigram_entropy road/train.json)
jq -ne "$loss < $entropy" >/dev/null || fail "validation loss $loss is not below the unigram entropy $entropy"
! pgrep -f "busybox httpd .* -h site" >/dev/null || fail "the web server is still there"

expect_exit 0 sh "$GPT_SOURCE/share/quickstart.sh" --quick --no-install "$scratch/road"
expect_stdout 'pages.jsonl is there already: skipped'
