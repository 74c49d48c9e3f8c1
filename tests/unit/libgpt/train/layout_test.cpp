#include <doctest/doctest.h>

#include "tests/support/layout_ranks.hpp"
#include "tests/support/layout_training.hpp"
#include "tests/support/scratch_folder.hpp"

using namespace gpt;
using test::LayoutCase;
using test::LayoutOutcome;

namespace {

LayoutCase plain(std::int64_t tensor, std::int64_t pipeline, std::int64_t data) {
  LayoutCase what;
  what.layout.tensor = tensor;
  what.layout.pipeline = pipeline;
  what.layout.data = data;
  what.name = "tensor " + std::to_string(tensor) + ", pipeline " + std::to_string(pipeline) + ", data " +
              std::to_string(data);
  return what;
}

// The first rank's, and so everybody's.
LayoutOutcome outcome_of(const LayoutCase& what, const train::TrainConfig& config,
                         const test::RunFolders& folders = {}, std::int64_t stop_after = 0) {
  LayoutOutcome outcome;
  test::run_layout(what.layout, [&](const comm::ParallelGroups& groups) {
    auto own = test::train_at(what, groups, config, folders, stop_after);
    if (groups.world->rank() == 0) outcome = std::move(own);
  });
  return outcome;
}

}  // namespace

TEST_CASE("the layout changes the loss curve and the weights by rounding alone") {
  const auto config = test::layout_run_config(8);
  const LayoutOutcome expected = outcome_of(plain(1, 1, 1), config);
  LayoutCase everything = plain(2, 2, 2);
  everything.name = "everything";
  everything.layout.virtual_stages = 2;
  everything.layout.sequence = cost::Sequence::parallel;
  everything.layout.optimizer = cost::OptimizerStates::sharded;
  for (const LayoutCase& what :
       {plain(2, 1, 1), plain(1, 2, 1), plain(1, 1, 2), plain(1, 4, 1), everything}) {
    CAPTURE(what.name);
    const LayoutOutcome seen = outcome_of(what, config);
    CHECK(test::largest_relative_difference(seen.losses, expected.losses) < 1e-5);
    CHECK(test::largest_relative_difference(seen.norms, expected.norms) < 1e-4);
    CHECK(seen.validation_loss == doctest::Approx(expected.validation_loss).epsilon(1e-5));
    CHECK(test::largest_difference(seen.weights, expected.weights) < 1e-4);
  }
}

TEST_CASE("what is saved at one layout goes on at the same bit for bit, and at another to rounding") {
  const auto config = test::layout_run_config(6);
  LayoutCase first = plain(2, 1, 2), second = plain(1, 2, 2);
  first.layout.optimizer = cost::OptimizerStates::sharded;
  const test::ScratchFolder folder;
  const LayoutOutcome straight = outcome_of(first, config);
  outcome_of(first, config, {"", folder.path()}, 3);
  const LayoutOutcome same = outcome_of(first, config, {folder.path(), ""});
  CHECK(same.losses == std::vector<double>(straight.losses.begin() + 3, straight.losses.end()));
  CHECK(same.weights == straight.weights);
  const LayoutOutcome other = outcome_of(second, config, {folder.path(), ""});
  CHECK(test::largest_relative_difference(other.losses, same.losses) < 1e-5);
  CHECK(test::largest_difference(other.weights, same.weights) < 1e-4);
}

TEST_CASE("a loss that is no number is told alike by all ranks, with the tensor and the rank it began on") {
  const auto config = test::layout_run_config(3);
  const LayoutCase what = plain(1, 2, 2);
  test::run_layout(what.layout, [&](const comm::ParallelGroups& groups) {
    const data::TrainingData data{std::make_unique<test::PatternSource>(), nullptr, nullptr};
    auto stage = test::layout_stage(test::layout_model(), what, groups);
    stage.initialise(1);
    const auto& bad = *stage.layout().find(groups.place.pipeline == 0 ? "transformer.h.2.ln_1.weight"
                                                                      : "transformer.h.6.ln_1.weight");
    if (groups.place.data == 1) stage.weights()[bad.offset] = NAN;
    test::StepRecorder recorder;
    train::Trainer trainer(config, {}, stage, groups, data, recorder, [] { return false; });
    CHECK_THROWS_WITH_AS(trainer.run(),
                         doctest::Contains("the loss of step 1 is nan, first seen in the weights of "
                                           "transformer.h.2.ln_1.weight (layer 2) on rank 1"),
                         train::NotFinite);
  });
}
