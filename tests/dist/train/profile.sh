#!/bin/sh
# --profile: one table, whose lines add up to the step, and one trace, with a row for each rank.
# shellcheck source=tests/dist/lib_ranks.sh
. "$GPT_SOURCE/tests/dist/lib_ranks.sh"
# shellcheck source=tests/cli/gpt-train/lib_train.sh
. "$GPT_SOURCE/tests/cli/gpt-train/lib_train.sh"
make_dataset

# check_profile TRACE RANKS STEPS: of the table in stdout and the trace.
check_profile() {
  python3 - "$@" <<'PYTHON' || fail "the profile in $1"
import collections
import json
import re
import sys

trace, ranks, steps = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
lines = open("stdout").read().splitlines()
table = lines[next(i for i, line in enumerate(lines) if line.startswith("profile of steps")):]
assert sum(line.startswith("profile of steps") for line in lines) == 1
begin = next(i for i, line in enumerate(table) if line.startswith("  ms a step"))
rows = {}
for line in table[begin + 1:]:
    cells = re.findall(r"(-?[0-9.]+) +-?[0-9.]+ %", line)
    rows[re.match(r"  (\S.*?)  +", line).group(1)] = [float(cell) for cell in cells]
    if line.startswith("  step "):
        break
for name in ("data", "forward", "backward", "optimizer", "other"):
    assert name in rows, rows
for stage, whole in enumerate(rows.pop("step")):
    parts = sum(values[stage] for values in rows.values())
    assert abs(parts - whole) < 0.01 * len(rows), (stage, parts, whole)

events = json.load(open(trace))["traceEvents"]
spans = collections.defaultdict(list)
for event in events:
    if event["ph"] == "X":
        spans[event["tid"]].append(event)
assert sorted(spans) == list(range(ranks)), sorted(spans)
assert len({event["tid"] for event in events if event["name"] == "thread_name"}) == ranks
for row in spans.values():
    count = collections.Counter(event["name"] for event in row)
    assert count["step"] == count["data"] == steps, count
    assert count["forward"] == count["backward"] > 0, count
    assert [event["ts"] for event in row] == sorted(event["ts"] for event in row)
    open_ends = []
    for event in row:
        end = event["ts"] + event["dur"]
        while open_ends and open_ends[-1] <= event["ts"] + 1e-3:
            open_ends.pop()
        assert not open_ends or end <= open_ends[-1] + 1e-3, event
        open_ends.append(end)
began = sum(event["ph"] == "b" for event in events)
assert began == sum(event["ph"] == "e" for event in events)
PYTHON
}

# One process.
expect_exit 0 train --profile
check_profile gpt-train-trace.json 1 12
grep -q 'predicted' stdout && fail "a bubble without a pipeline"

# A trace that is there is kept, unless --force says otherwise, or the run goes on.
cp gpt-train-trace.json before.json
expect_exit 1 train --profile --save refused
expect_stderr 'gpt-train-trace.json: exists already; --force replaces it'
expect_missing refused
expect_same before.json gpt-train-trace.json
expect_exit 75 train --profile --force --save going --exit-interval 4
check_profile gpt-train-trace.json 1 4
expect_exit 0 train --profile --save going
check_profile gpt-train-trace.json 1 8

# shellcheck disable=SC2034 # used by train
train_by='on_ranks 4'
expect_exit 0 train --threads 1 --tensor-model-parallel-size 2 --pipeline-model-parallel-size 2 --profile two.json
check_profile two.json 4 12
expect_stdout '^profile of steps 2 to 12$'
expect_stdout '^  tensor all-reduce '
expect_stdout 'measured [0-9.]+ %, predicted \(p - 1\)/m 50\.0 %; by stage: [0-9.]+ [0-9.]+$'

# Four micro batches a replica and two chunks a stage: (2 - 1)/(2 x 4).
expect_exit 0 train --threads 1 --num-layers 4 --pipeline-model-parallel-size 2 --num-layers-per-virtual-pipeline-stage 1 \
  --global-batch-size 16 --train-iters 3 --profile interleaved.json
check_profile interleaved.json 4 3
expect_stdout 'predicted \(p - 1\)/\(v m\) 12\.5 %'
expect_stdout '^  data all-reduce '

# A trace that cannot be written is known before the first step.
expect_exit 1 train --threads 1 --tensor-model-parallel-size 2 --profile nowhere/trace.json
expect_stderr 'nowhere/trace.json'
grep -q '^ iteration ' stdout && fail "training went on"
[ ! -e nowhere ] || fail "a folder was made"
exit 0
