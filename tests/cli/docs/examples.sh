#!/bin/sh
# Every example of the README, the guide to cleaning and the man pages runs, in a folder that holds one sample of each kind of file.
. "$GPT_SOURCE/tests/cli/lib.sh"
. "$GPT_SOURCE/tests/cli/lib_road.sh"
# mpirun, in a container too
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
extract="python3 $GPT_SOURCE/tests/cli/docs/extract_examples.py"

mkdir samples
(cd samples && make_samples) || exit 1

# The pages name https://example.org/; here it is a server on loopback, which gpt-crawl must be allowed to visit.
serve samples/pages
mkdir bin
printf '#!/bin/sh\nexec "%s/gpt-crawl" --allow-private --delay 0 "$@"\n' "$GPT_BIN" >bin/gpt-crawl
chmod +x bin/gpt-crawl
PATH=$scratch/bin:$PATH

# run_page NAME: runs the commands on stdin in a fresh copy of the samples.
run_page() {
  cp -r samples "work-$1"
  sed "s#https://example\.org#$base_url#g" >"$1.commands"
  [ -s "$1.commands" ] || fail "$1 shows no examples"
  (cd "work-$1" && sh -eux "../$1.commands") >"$1.log" 2>&1 </dev/null || {
    tail -n 15 "$1.log"
    fail "an example of $1 does not run"
  }
}

$extract "$GPT_SOURCE/README.md" "By hand" | run_page README || exit 1
$extract "$GPT_SOURCE/docs/cleaning-a-corpus.md" | run_page cleaning-a-corpus || exit 1
# "Two commands" and "Building by hand" are this test run itself, road/quickstart.sh and install/install.sh; but:
expect_exit 0 sh "$GPT_SOURCE/share/install-deps.sh" --dry-run
for tool in crawl clean dedup bpe-train preprocess estimate train generate; do
  $extract "$GPT_SOURCE/docs/man/gpt-$tool.1" | run_page "gpt-$tool" || exit 1
done
