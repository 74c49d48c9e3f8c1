#!/bin/sh
# label: slow
# The filters of Gopher, C4 and FineWeb beside datatrove's, on generated documents and on those of GPT_TEST_DOCUMENTS
# (a documents file; without it, on sentences of the test data). Every difference has to be one that docs/filters.md
# explains. Needs a Python with datatrove, named by GPT_DATATROVE_PYTHON or GPT_PEERS_PYTHON.
. "$GPT_SOURCE/tests/cli/lib.sh"
python=${GPT_DATATROVE_PYTHON:-${GPT_PEERS_PYTHON:-false}}
if ! "$python" -c 'import datatrove.pipeline.filters' 2>/dev/null; then
  echo "SKIPPED: GPT_DATATROVE_PYTHON names no Python with datatrove, so no peer checks the filters"
  exit 77
fi
export GPT_BIN
documents=${GPT_TEST_DOCUMENTS:-}
if [ -z "$documents" ]; then
  echo "GPT_TEST_DOCUMENTS is unset: the filters are compared on generated documents alone"
fi
"$python" "$GPT_SOURCE/tests/interop/clean_peers.py" ${documents:+"$documents"} || fail "verdicts differ without an explanation"
