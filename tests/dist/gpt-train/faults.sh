#!/bin/sh
# Ranks of gpt-train that are killed, stopped, or not given the same.
# shellcheck source=tests/dist/lib_ranks.sh
. "$GPT_SOURCE/tests/dist/lib_ranks.sh"
# shellcheck source=tests/cli/gpt-train/lib_train.sh
. "$GPT_SOURCE/tests/cli/gpt-train/lib_train.sh"
make_dataset

# on_odd_rank COMMAND...: runs it, on rank 1 with the arguments in $odd besides, and in the folder $odd_folder.
cat >on_odd_rank <<'TEXT'
#!/bin/sh
if [ "$OMPI_COMM_WORLD_RANK" -eq 1 ]; then
  cd "$odd_folder" || exit 1
  # shellcheck disable=SC2086 # several words
  exec "$@" $odd
fi
exec "$@"
TEXT
chmod +x on_odd_rank
export odd='' odd_folder=.

# odd_train N ARGUMENT...: train on so many ranks, one of them odd.
odd_train() {
  train_by="on_ranks $1 ./on_odd_rank"
  shift
  train --threads 1 "$@"
}

# Other options, or another dataset, on one rank: refused before anything is made, and told once.
odd='--seed 5'
expect_exit 1 odd_train 2 --seed 1 --save refused
expect_stderr '^gpt-train: error: .*the options differ between ranks: rank 1 has --seed 5 where rank 0 has --seed 1'
[ "$(grep -c '^gpt-train: error' stderr)" -eq 1 ] || fail "the difference is told more than once"
expect_missing refused
odd=--no-such-option
expect_exit 2 odd_train 2 --save refused
expect_stderr '^gpt-train: error: rank 1: .*no-such-option'
expect_missing refused
odd=
expect_exit 2 odd_train 3 --tensor-model-parallel-size 2
expect_stderr 'there are 3: start 2 and 4'
[ "$(grep -c '^gpt-train: error' stderr)" -eq 1 ] || fail "a layout that does not fit is refused more than once"

# The same paths, but on this rank's machine another file lies there.
mkdir elsewhere
head -n 40 corpus.jsonl >elsewhere/corpus.jsonl
gpt-preprocess --input elsewhere/corpus.jsonl --output-prefix elsewhere/data --vocab-file vocab/vocab.json \
  --merge-file vocab/merges.txt --tokenizer-type GPT2BPETokenizer --append-eod -q || fail "gpt-preprocess"
cp -r vocab elsewhere/
odd_folder=elsewhere
expect_exit 1 odd_train 2 --save "$scratch/refused"
expect_stderr '^gpt-train: error: .*the datasets differ between ranks: rank 1 has'
expect_missing refused

# The same dataset, but under the path of --load or --save this rank finds another checkpoint, or none.
rm -r elsewhere
mkdir elsewhere
cp -r vocab data_text_document.* elsewhere/
train_by=
expect_exit 0 train --threads 1 --eval-iters 0 --save w
(cd elsewhere && expect_exit 0 train --threads 1 --eval-iters 0 --save w --seed 5) || exit 1
cp w/latest latest_of_w
unreachable='; the folders of --load and --save must be reachable by all ranks'
expect_exit 1 odd_train 2 --load w --finetune --save "$scratch/refused"
expect_stderr "^gpt-train: error: .*the checkpoints to start from differ between ranks: rank 1 has w/iter_0000012 \\(iteration 12, fingerprint .* where rank 0 has w/iter_0000012 .*$unreachable"
[ "$(grep -c '^gpt-train: error' stderr)" -eq 1 ] || fail "the difference is told more than once"
expect_missing refused
rm elsewhere/w/iter_0000012/checksums.json w/iter_0000012/checksums.json
expect_exit 1 odd_train 2 --load w --finetune
expect_stderr "rank 1 has w/iter_0000012 .*fingerprint .* where rank 0 has w/iter_0000012 .*$unreachable"
rm -r elsewhere/w
expect_exit 1 odd_train 2 --save w --train-iters 14
expect_stderr "rank 1 has nothing to start from where rank 0 has w/iter_0000012 .*$unreachable"
mv w elsewhere/
expect_exit 1 odd_train 2 --save w --train-iters 14
expect_stderr "rank 1 has w/iter_0000012 .* where rank 0 has nothing to start from$unreachable"
expect_missing w
expect_same elsewhere/w/latest latest_of_w

# start_training N ARGUMENT...: a run in the background that does not end by itself; returns when steps are made.
start_training() {
  train_by="start_ranks $1"
  shift
  train --threads 1 --train-iters 1000000 --log-interval 10 --eval-iters 0 "$@"
  expect_soon '^ iteration '
}
process_of_rank() {
  for process in $(ps -o pid= --ppid "$launcher"); do
    tr '\0' '\n' <"/proc/$process/environ" | grep -qx "OMPI_COMM_WORLD_RANK=$1" && echo "$process"
  done
}

# is_running PROCESS: it is there, and more than an entry that nobody has collected.
is_running() {
  case $(ps -o stat= -p "$1") in
    '' | Z*) return 1 ;;
  esac
}

# A rank that is killed takes the others along, soon, and the launcher says which it was.
start_training 4 --tensor-model-parallel-size 2 --pipeline-model-parallel-size 2
victim=$(process_of_rank 2)
others="$(process_of_rank 0) $(process_of_rank 1) $(process_of_rank 3)"
[ "$(echo "$victim $others" | wc -w)" -eq 4 ] || fail "4 ranks are not to be found: '$victim' and '$others'"
killed_at=$(date +%s)
kill -KILL "$victim"
wait_ranks
code=$?
[ "$code" -ne 0 ] || fail "a killed rank went unnoticed"
expect_stderr 'rank 2 .*signal 9'
for process in $others; do
  while is_running "$process"; do
    [ $(($(date +%s) - killed_at)) -lt 30 ] || fail "rank process $process went on for 30 s"
    sleep 0.1
  done
done

# SIGUSR1 to mpirun: all ranks save the same step and end with 75; the same command goes on from there.
start_training 2 --save stopped --save-interval 1000000
kill -USR1 "$launcher"
wait_ranks
code=$?
[ "$code" -eq 75 ] || fail "exit code $code instead of 75 after SIGUSR1"
expect_stdout '^ stopped after iteration [0-9]+ \(signal\)'
[ -s stopped/latest ] || fail "no checkpoint was saved"
iteration=$(sed -n 's/^ stopped after iteration \([0-9]*\).*/\1/p' stdout)
train_by='on_ranks 2'
expect_exit 75 train --threads 1 --train-iters 1000000 --log-interval 10 --eval-iters 0 --save stopped \
  --exit-interval 5
expect_stdout "^ starting from .*, iteration $iteration\$"
