#include "libgpt/train/trainer.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>

#include <doctest/doctest.h>
#include <unistd.h>

#include "libgpt/checkpoint/model_folder.hpp"
#include "libgpt/train/step_batch.hpp"
#include "libgpt/train/unigram_entropy.hpp"
#include "tests/support/layout_ranks.hpp"
#include "tests/unit/libgpt/train/counting_run.hpp"

using namespace gpt;
using namespace gpt::counting;
namespace fs = std::filesystem;

namespace {

struct TemporaryFolder {
  fs::path path = fs::temp_directory_path() / ("gpt_trainer_test_" + std::to_string(::getpid()));
  TemporaryFolder() { fs::remove_all(path); }
  ~TemporaryFolder() { fs::remove_all(path); }
};

// The only rank of its world, with a model.
struct LoneRank {
  test::LayoutRanks world{{}};
  model::Stage<float> stage = stage_of(counting::model(), world.of(0));

  explicit LoneRank(std::uint64_t seed = 1) { stage.initialise(seed); }
  train::Trainer<float> trainer(const train::TrainConfig& config, const train::SavePlan& plan,
                         const data::TrainingData& data, train::Observer& observer,
                         std::function<bool()> stop = never) {
    return {config, plan, stage, world.of(0), data, observer, std::move(stop)};
  }
};

}  // namespace

TEST_CASE("training learns, evaluates and reports each step") {
  LoneRank gpt;
  const auto data = counting::data();
  Recorder recorder;
  auto trainer = gpt.trainer(run(40), {}, data, recorder, never);
  const auto result = trainer.run();
  CHECK(result.reason == train::StopReason::finished);
  REQUIRE(recorder.steps.size() == 40);
  CHECK(recorder.steps[0].loss == doctest::Approx(std::log(29)).epsilon(0.02));
  CHECK(recorder.steps[0].learning_rate == 0);
  CHECK(recorder.steps[2].learning_rate == doctest::Approx(5e-3));
  CHECK(recorder.steps[39].loss < 2.0);
  CHECK(recorder.steps[39].consumed_samples == 160);
  CHECK(recorder.steps[39].tokens == 48);
  CHECK(recorder.evaluations.size() == 8);  // after 5, 10 ... 35, and at the end
  CHECK(recorder.evaluations.back().kind == train::EvaluationKind::final_validation);
  CHECK(*result.validation_loss < 2.0);
  CHECK_FALSE(result.test_loss);
}

TEST_CASE("a run that was stopped and resumed equals one that was not, bit for bit") {
  const TemporaryFolder folder;
  const auto data = counting::data();
  Recorder whole, first, second;
  LoneRank straight;
  straight.trainer(counting::run(9), {}, data, whole, never).run();

  train::SavePlan plan;
  plan.folder = folder.path.string();
  {
    LoneRank gpt;
    const auto result =
        gpt.trainer(counting::run(9), plan, data, first, [&] { return first.steps.size() >= 5; }).run();
    CHECK(result.reason == train::StopReason::requested);
    CHECK(result.iteration == 5);
    CHECK(first.evaluations.empty());
  }
  LoneRank gpt;
  auto saved = checkpoint::ModelFolder::open_or_throw(folder.path.string());
  auto trainer = gpt.trainer(counting::run(9), plan, data, second, never);
  trainer.restore_or_throw(saved, train::Restore::all);
  CHECK(trainer.run().iteration == 9);
  REQUIRE(second.steps.size() == 4);
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(second.steps[i].loss == whole.steps[5 + i].loss);
    CHECK(second.steps[i].gradient_norm == whole.steps[5 + i].gradient_norm);
  }
  CHECK(std::equal(gpt.stage.weights().begin(), gpt.stage.weights().end(), straight.stage.weights().begin()));
  // The evaluation that the stop came before is made up for.
  REQUIRE(second.evaluations.size() == 2);
  CHECK(second.evaluations.front().iteration == 5);
  CHECK(second.evaluations.front().loss == whole.evaluations.front().loss);
}

TEST_CASE("a stop abandons an evaluation, which the resumed run makes") {
  const TemporaryFolder folder;
  const auto data = counting::data();
  Recorder first, second;
  train::SavePlan plan;
  plan.folder = folder.path.string();
  LoneRank gpt;
  // The stop is asked for between the step and its evaluation, or at the end within the final one.
  for (const std::int64_t iterations : {8, 4}) {
    int asked = 0;
    const auto stop = [&] {
      return static_cast<std::int64_t>(first.steps.size()) == std::min<std::int64_t>(iterations, 5) &&
             ++asked > 1;
    };
    first = {};
    auto config = counting::run(iterations);
    auto trainer = gpt.trainer(config, plan, data, first, stop);
    const auto result = trainer.run();
    CHECK(result.reason == train::StopReason::requested);
    CHECK(first.evaluations.empty());
    auto saved = checkpoint::ModelFolder::open_or_throw(folder.path.string());
    second = {};
    auto resumed = gpt.trainer(config, plan, data, second, never);
    resumed.restore_or_throw(saved, train::Restore::all);
    CHECK(resumed.run().reason == train::StopReason::finished);
    CHECK(second.steps.size() == static_cast<std::size_t>(iterations) - first.steps.size());
    REQUIRE_FALSE(second.evaluations.empty());
    CHECK(second.evaluations.front().iteration == static_cast<std::int64_t>(first.steps.size()));
    fs::remove_all(folder.path);
  }
}

TEST_CASE("a checkpoint without optimizer state is only resumed when told so") {
  const TemporaryFolder folder;
  const auto data = counting::data();
  Recorder recorder;
  train::SavePlan plan;
  plan.folder = folder.path.string();
  plan.optimizer = train::SavePlan::Optimizer::leave_out;
  LoneRank gpt;
  gpt.trainer(run(3), plan, data, recorder, never).run();

  auto saved = checkpoint::ModelFolder::open_or_throw(folder.path.string());
  auto trainer = gpt.trainer(counting::run(9), {}, data, recorder, never);
  CHECK_THROWS_WITH(trainer.restore_or_throw(saved, train::Restore::all),
                    doctest::Contains("--no-load-optim"));
  trainer.restore_or_throw(saved, train::Restore::without_optimizer);
  CHECK(trainer.iteration() == 3);
  auto anew = gpt.trainer(counting::run(9), {}, data, recorder, never);
  anew.restore_or_throw(saved, train::Restore::weights_only);
  CHECK(anew.iteration() == 0);
}

TEST_CASE(
    "a checkpoint from another folder is saved even when no step is left, one from the same is not again") {
  const TemporaryFolder folder;
  const auto data = counting::data();
  Recorder recorder;
  train::SavePlan into_a, into_b;
  into_a.folder = (folder.path / "a").string();
  into_b.folder = (folder.path / "b").string();
  LoneRank gpt;
  CHECK(*gpt.trainer(counting::run(3), into_a, data, recorder).run().saved ==
        *into_a.folder + "/iter_0000003");
  CHECK(recorder.saved == std::vector<std::int64_t>{3});

  for (const auto& [plan, saves] : {std::pair{into_a, 0}, std::pair{into_b, 1}, std::pair{into_b, 0}}) {
    recorder.saved.clear();
    LoneRank loaded;
    const bool second_time = fs::exists(*plan.folder);
    auto start = checkpoint::ModelFolder::open_or_throw(second_time ? *plan.folder : *into_a.folder);
    auto trainer = loaded.trainer(counting::run(3), plan, data, recorder);
    trainer.restore_or_throw(start, train::Restore::all);
    CHECK(*trainer.run().saved == *plan.folder + "/iter_0000003");
    CHECK(recorder.saved.size() == static_cast<std::size_t>(saves));
  }
  auto copy = checkpoint::ModelFolder::open_or_throw(*into_b.folder);
  LoneRank of_b(2);
  of_b.trainer(counting::run(3), {}, data, recorder).restore_or_throw(copy, train::Restore::all);
  CHECK(std::equal(of_b.stage.weights().begin(), of_b.stage.weights().end(), gpt.stage.weights().begin()));
}

TEST_CASE("the size of micro batches changes nothing but rounding") {
  const auto data = counting::data();
  std::vector<Recorder> recorders(2);
  for (std::size_t i = 0; i < 2; ++i) {
    LoneRank gpt;
    auto config = counting::run(10);
    config.micro_batch_size = i == 0 ? 1 : 4;
    gpt.trainer(config, {}, data, recorders[i], never).run();
  }
  for (std::size_t step = 0; step < 10; ++step) {
    CHECK(recorders[0].steps[step].loss == doctest::Approx(recorders[1].steps[step].loss).epsilon(1e-5));
  }
}

TEST_CASE("the batch grows as --rampup-batch-size says, also across a resume") {
  const TemporaryFolder folder;
  const auto data = counting::data();
  auto config = counting::run(8);
  config.global_batch_size = 8;
  config.ramp_up = optim::BatchSize::Rampup{2, 2, 12};
  Recorder whole, first, second;
  LoneRank straight;
  straight.trainer(config, {}, data, whole, never).run();
  std::vector<std::int64_t> sizes;
  for (const auto& step : whole.steps) sizes.push_back(step.batch_size);
  CHECK(sizes == std::vector<std::int64_t>{2, 2, 4, 6, 8, 8, 8, 8});
  CHECK(whole.steps.back().consumed_samples == 46);

  train::SavePlan plan;
  plan.folder = folder.path.string();
  LoneRank stopped, resumed;
  stopped.trainer(config, plan, data, first, [&] { return first.steps.size() == 3; }).run();
  auto saved = checkpoint::ModelFolder::open_or_throw(folder.path.string());
  auto trainer = resumed.trainer(config, {}, data, second, never);
  trainer.restore_or_throw(saved, train::Restore::all);
  trainer.run();
  REQUIRE(second.steps.size() == 5);
  for (std::size_t i = 0; i < 5; ++i) CHECK(second.steps[i].loss == whole.steps[3 + i].loss);
}

TEST_CASE("a loss that is no number stops the run at its step and keeps the weights") {
  const auto data = counting::data();
  Recorder recorder;
  LoneRank gpt;
  gpt.stage.weights()[5] = std::numeric_limits<float>::quiet_NaN();
  auto trainer = gpt.trainer(run(10), {}, data, recorder, never);
  CHECK_THROWS_WITH_AS(trainer.run(), doctest::Contains("loss of step 1 is "), train::NotFinite);
  CHECK(trainer.iteration() == 0);
}

TEST_CASE("unigram entropy is that of the token counts") {
  const Source source;
  const auto entropy = train::unigram_entropy(source, 29, 12 * 29 * 2);
  CHECK(entropy.nats == doctest::Approx(std::log(29)).epsilon(0.01));
  CHECK_THROWS_AS(train::unigram_entropy(source, 20, 1000), model::ConfigError);
}

TEST_CASE("a step's samples are cut into micro batches that replicas take by turns") {
  const Source source;
  const train::BatchCut cut{2, 3, 1, 2};
  CHECK(cut.samples() == 12);
  const train::StepBatch batch(source, 6, cut, {3, false, false, true});
  double unmasked = 0;
  for (std::int64_t number = 0; number < 3; ++number) {
    const auto part = batch.micro_batch(number);
    CHECK(part.sequences == 2);
    CHECK(part.tokens.size() == 24);
    const std::uint64_t first = 6 + static_cast<std::uint64_t>((number * 2 + 1) * 2);
    CHECK(part.sample_indices[0] == first);
    CHECK(part.sample_indices[1] == first + 1);
    CHECK(part.tokens[0] == static_cast<std::int32_t>(first * 7 % 29));
    CHECK(part.targets[0] == part.tokens[1]);
    for (const auto token : part.tokens) unmasked += token != 3;
  }
  CHECK(batch.unmasked_tokens() == unmasked);
}
