#!/bin/sh
# gpt-estimate: subcommands, formats, outputs and wrong usage.
. "$GPT_SOURCE/tests/cli/lib.sh"

expect_exit 0 gpt-estimate time --tokens 300e9 --parameters 175B --gpus 1024 --tflops 140 --recompute
expect_quiet
expect_stdout '^ *days +33\.9$'
expect_stdout '^ *GPU-hours +833\.3 k$'

expect_exit 0 gpt-estimate time --tokens 450B --parameters 1T --gpus 3072 --tflops 163 --recompute --format json
expect_stdout '"days":83\.1[5-9]|"days":83\.2'

set -- --num-layers 12 --hidden-size 768 --num-attention-heads 12 --seq-length 1024
expect_exit 0 gpt-estimate model "$@" --format json
expect_quiet
expect_stdout '"parameters":124439808'
expect_exit 0 gpt-estimate model "$@" --device cpu --tflops 0.1 --train-iters 100
expect_stdout '16\.00 bytes a parameter'
expect_stdout 'Memory of a gpt-train process'
expect_stdout 'training +14\.6 minutes'
expect_exit 0 gpt-estimate time --tokens 1B --gpus 1 --tflops 1 "$@"
expect_stdout 'parameters P +124\.4 M'

# Tables, in all formats; stdout carries them and nothing else.
for format in text markdown csv json; do
  expect_exit 0 gpt-estimate tables --format $format
  expect_quiet
  cp stdout "tables.$format"
done
grep -q '145\.6' tables.text || fail "no 145.6 in the text tables"
grep -q '^| GPT-3 175B |' tables.markdown || fail "no markdown row"
grep -q '^GPT-3 175B,175.0B,' tables.csv || fail "no csv row"
python3 -c 'import json; t = json.load(open("tables.json")); assert len(t["scaling"]) == 10' 2>/dev/null ||
  ! command -v python3 >/dev/null || fail "the JSON tables cannot be read back"
expect_exit 0 gpt-estimate tables times
expect_stdout '72\.3 +72\.3'

# Output files: whole, refused when there, replaced with --force; a report.
expect_exit 0 gpt-estimate tables times -o times.txt --report report.json
expect_same stdout /dev/null
grep -q '"tool":"gpt-estimate"' report.json || fail "no report"
expect_exit 1 gpt-estimate tables times -o times.txt
expect_stderr 'times\.txt'
expect_exit 0 gpt-estimate tables gpt3 -o times.txt --force
grep -q 'GPT-3 XL' times.txt || fail "--force did not replace the file"
expect_exit 1 gpt-estimate tables times -o missing-folder/times.txt
expect_missing missing-folder/times.txt

# Wrong usage.
expect_exit 2 gpt-estimate
expect_exit 2 gpt-estimate price
expect_exit 2 gpt-estimate tables gpt5
expect_exit 2 gpt-estimate model --num-layers 12
expect_exit 2 gpt-estimate model "$@" --tensor-model-parallel-size 5
expect_stderr '12.*no multiple.*5'
expect_exit 2 gpt-estimate model "$@" --num-layer 3
expect_stderr 'did you mean'
for sizes in "--num-layers 1000000000 --hidden-size 960000000" "--ffn-hidden-size 1000000000 --num-layers 1000000000" \
  "--micro-batch-size 1073741824 --data-parallel-size 1073741824" "--world-size 2000000000"; do
  # shellcheck disable=SC2086 # several words
  expect_exit 2 gpt-estimate model "$@" $sizes
done
expect_exit 2 gpt-estimate model "$@" --num-layers 1000000000 --hidden-size 960000000
expect_stderr 'more than 1e17 parameters'
expect_exit 2 gpt-estimate time --tokens plenty --parameters 1B --gpus 1 --tflops 1
expect_stderr 'plenty'
expect_exit 0 gpt-estimate --help
expect_stdout 'tables'
expect_exit 0 gpt-estimate --version
