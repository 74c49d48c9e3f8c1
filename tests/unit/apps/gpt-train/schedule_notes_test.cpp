#include "apps/gpt-train/schedule_notes.hpp"

#include <doctest/doctest.h>

#include "libcommon/io/errors.hpp"

using namespace gpt;
using namespace gpt::train_tool;

namespace {

const KeptSchedule kCosine{{1.0 / 3, 1e-5, optim::DecayStyle::cosine, 0.1 * 37, 4000}, 0.1};

checkpoint::TrainerState kept(const KeptSchedule& schedule) {
  checkpoint::TrainerState state;
  state.texts = schedule_notes(schedule);
  return state;
}

}  // namespace

TEST_CASE("a schedule is kept to the last bit") {
  const KeptSchedule back = schedule_of_or_throw("folder", kept(kCosine));
  CHECK(back.rate.maximum == kCosine.rate.maximum);
  CHECK(back.rate.minimum == kCosine.rate.minimum);
  CHECK(back.rate.style == kCosine.rate.style);
  CHECK(back.rate.warmup_samples == kCosine.rate.warmup_samples);
  CHECK(back.rate.decay_samples == kCosine.rate.decay_samples);
  CHECK(back.weight_decay == kCosine.weight_decay);
  CHECK_NOTHROW(check_schedule_or_throw("folder", kept(kCosine), kCosine));
}

TEST_CASE("all that differs is told, with both values and the options that choose") {
  KeptSchedule other = kCosine;
  other.rate.maximum = 0.5;
  other.weight_decay = 0;
  CHECK_THROWS_WITH_AS(check_schedule_or_throw("folder", kept(kCosine), other),
                       doctest::Contains("folder: was made with --lr 0.333"), io::DataError);
  CHECK_THROWS_WITH(check_schedule_or_throw("folder", kept(kCosine), other),
                    doctest::Contains("--weight-decay 0.1 where the command line says 0: pass "
                                      "--override-lr-scheduler to follow"));
}

TEST_CASE("a checkpoint that says nothing of it agrees; a constant rate has no decay to differ in") {
  CHECK_NOTHROW(check_schedule_or_throw("folder", {}, kCosine));
  CHECK_THROWS_WITH(schedule_of_or_throw("folder", {}),
                    doctest::Contains("leave --use-checkpoint-lr-scheduler out"));
  KeptSchedule constant = kCosine;
  constant.rate.style = optim::DecayStyle::constant;
  KeptSchedule longer = constant;
  longer.rate.decay_samples = 8000;
  CHECK_NOTHROW(check_schedule_or_throw("folder", kept(constant), longer));
  CHECK_THROWS_WITH(check_schedule_or_throw("folder", kept(kCosine), longer),
                    doctest::Contains("--lr-decay-samples 4000 where the command line says 8000"));
}
