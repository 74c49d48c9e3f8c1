#!/bin/sh
# Command lines that make no sense get one message, exit code 2, and nothing is written.
. "$GPT_SOURCE/tests/cli/lib.sh"
. "$GPT_SOURCE/tests/cli/gpt-train/lib_train.sh"

refused() {
  pattern=$1
  shift
  expect_exit 2 train "$@"
  expect_stderr "$pattern"
  [ "$(grep -c 'error:' stderr)" -eq 1 ] || fail "not one message for: $*"
}

refused '--bf16: training on the CPU is in fp32' --bf16
refused '--fp16: training on the CPU is in fp32' --fp16
refused '--bf16: training on the CPU is in fp32; leave it out, or pass --device cuda' --bf16 --device cpu
refused '--bf16 and --fp16 are two kinds' --bf16 --fp16
refused '--allow-tf32 is for products of fp32' --bf16 --allow-tf32
refused '--profile-step-start and --profile-step-end go together' --profile-step-start 3
refused '--tensor-model-parallel-size 2 times --pipeline-model-parallel-size 1 is 2 ranks, .*: start 2 \(mpirun -n 2' --tensor-model-parallel-size 2
refused '--pipeline-model-parallel-size 2 is 2 ranks' --pipeline-parallel-size 2
refused 'tensor-model-parallel-size 3 does not divide .*: possible sizes are 1, 2, 4$' --tensor-parallel-size 3
refused 'num-layers 2 is not a multiple of pipeline-model-parallel-size 4: possible sizes are 1, 2' --pipeline-parallel-size 4
refused '--sequence-parallel .* --tensor-model-parallel-size 2 or more' --sequence-parallel
refused '--world-size 2 but 1 rank was started' --world-size 2
refused '--seq-length 32 is more than --max-position-embeddings 16' --seq-length 32
refused 'hidden-size 32 is not a multiple of num-attention-heads 5: .*1, 2, 4, 8, 16, 32' --num-attention-heads 5
refused '--global-batch-size 5 is no multiple of --micro-batch-size 2: the nearest that fit are 4 and 6' --global-batch-size 5
refused 'warms up over 48 samples but decays over 48' --lr-warmup-iters 12
refused '--min-lr is more than --lr' --min-lr 1
refused '--finetune needs --load' --finetune
refused '--save-interval needs --save' --save-interval 3
refused '--seed 4294967296' --seed 4294967296
refused "unknown option '--num-layer'; did you mean '--num-layers'" --num-layer 3
refused '--lr-decay-style' --lr-decay-style exponential
refused '--attention-dropout' --attention-dropout 1.5
refused '--fp16: training on the CPU is in fp32' --fp16-precision 16
refused '--tokenizer-type: BertWordPieceLowerCase not in' --tokenizer-type BertWordPieceLowerCase
refused '--data-impl: lazy not in' --data-impl lazy
refused '--rampup-batch-size .*--train-samples' --rampup-batch-size 4 4 100
refused '--checkpoint-num-layers needs --checkpoint-activations' --checkpoint-num-layers 2
refused '--recompute-method block needs --recompute-granularity full' --recompute-method block
refused '--recompute-num-layers 2 needs --recompute-granularity full' --recompute-granularity selective --recompute-num-layers 2
refused '--recompute-num-layers 3 is more than the 2 layers of a pipeline stage: pass 1 to 2' --recompute-granularity full --recompute-num-layers 3
refused '--recompute-granularity: partly not in' --recompute-granularity partly
refused '--num-layers-per-virtual-pipeline-stage .*--pipeline-model-parallel-size 2 or more' --num-layers-per-virtual-pipeline-stage 1
refused '--use-checkpoint-lr-scheduler excludes --override-lr-scheduler' --use-checkpoint-lr-scheduler --override-lr-scheduler
refused '--on-save-error: perhaps not in' --on-save-error perhaps
refused '--peak-tflops' --peak-tflops 0
refused '--lr: .nan. is no number from 0 to' --lr nan
refused '--clip-grad: .nan. is no number' --clip-grad nan
refused '--train-iters 4000000000000 times --global-batch-size 4 is more' --train-iters 4000000000000
refused 'num-layers is 1000000 but must lie between 1 and 65536' --num-layers 1000000
refused 'kv-channels' --kv-channels 5
expect_exit 2 gpt-train --seq-length 16 --micro-batch-size 1 --train-iters 1 --lr 1
expect_stderr '--data-path .* is needed'
expect_exit 2 gpt-train --data-path x --vocab-file v --merge-file m --seq-length 16 --micro-batch-size 1 --lr 1 \
  --train-iters 1
expect_stderr '--num-layers is needed unless --load gives a model'
expect_exit 2 gpt-train --data-path x --merge-file v --load m --seq-length 16 --micro-batch-size 1 --lr 1 --train-iters 1
expect_stderr '--merge-file needs --vocab-file'

# Megatron's spelling with underscores, and options that only matter on many GPUs.
expect_exit 1 train --num_layers 2 --distributed-backend nccl --DDP-impl local
expect_stderr '--distributed-backend has no effect here'
expect_exit 1 train --loss-scale 1024 --hysteresis 2 --use-distributed-optimizer --no-save-rng --override-lr-scheduler
expect_stderr '--hysteresis \(without --fp16\) has no effect here'
expect_stderr '--no-save-rng has no effect here'
expect_stderr 'vocab/(vocab.json|merges.txt): cannot open'
