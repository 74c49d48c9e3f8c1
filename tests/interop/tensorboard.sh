#!/bin/sh
# label: slow
# TensorBoard's own loader reads the event files of a run that was stopped and gone on with.
# Needs a Python with tensorboard: GPT_PEERS_PYTHON names it.
. "$GPT_SOURCE/tests/cli/lib.sh"
. "$GPT_SOURCE/tests/cli/gpt-train/lib_train.sh"
if ! "${GPT_PEERS_PYTHON:-false}" -c 'import tensorboard' 2>/dev/null; then
  echo "SKIPPED: GPT_PEERS_PYTHON names no Python with tensorboard, so that it reads our event files is not tested"
  exit 77
fi
make_dataset

expect_exit 75 train --save model --metrics metrics.jsonl --tensorboard-dir logs --exit-interval 7
expect_exit 0 train --save model --metrics metrics.jsonl --tensorboard-dir logs
[ "$(find logs -name 'events.out.tfevents.*' | wc -l)" -eq 2 ] || fail "not an event file a start: $(ls logs)"

cat >compare.py <<'PYTHON'
import json

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

accumulator = EventAccumulator("logs", size_guidance={"scalars": 0})
accumulator.Reload()


def read(tag):
    return [(event.step, event.value) for event in accumulator.Scalars(tag)]


def near(a, b):
    return abs(a - b) <= 1e-6 * abs(b)


lines = [json.loads(line) for line in open("metrics.jsonl")]
steps = [line for line in lines if "loss" in line]
assert len(steps) == 12
for tag, field in [
    ("lm loss", "loss"),
    ("learning-rate", "lr"),
    ("grad-norm", "grad_norm"),
    ("batch-size", "batch_size"),
    ("loss-scale", "loss_scale"),
    ("iteration-time", "step_seconds"),
]:
    by_step, by_samples = read(tag), read(tag + " vs samples")
    assert [step for step, _ in by_step] == [line["iteration"] for line in steps], (tag, by_step)
    assert [step for step, _ in by_samples] == [line["consumed_samples"] for line in steps], tag
    assert all(near(value, line[field]) for (_, value), line in zip(by_step, steps)), tag
validations = [line for line in lines if "validation_loss" in line]
for (step, value), line in zip(read("lm loss validation"), validations, strict=True):
    assert step == line["iteration"] and near(value, line["validation_loss"])
for (_, value), line in zip(read("lm loss validation ppl"), validations, strict=True):
    assert near(value, line["perplexity"])
PYTHON
expect_exit 0 "$GPT_PEERS_PYTHON" compare.py
