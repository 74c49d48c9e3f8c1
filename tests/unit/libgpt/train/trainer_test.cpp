#include "libgpt/train/trainer.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>

#include <doctest/doctest.h>
#include <unistd.h>

#include "libgpt/checkpoint/model_folder.hpp"
#include "libgpt/train/global_batch.hpp"
#include "libgpt/train/unigram_entropy.hpp"

using namespace gpt;
namespace fs = std::filesystem;

namespace {

// Sequences that count upwards by 1 or 2 from changing starts: easy to learn.
class CountingSource : public data::SampleSource {
 public:
  std::int64_t size() const override { return 100000; }
  std::int64_t sequence_length() const override { return 12; }
  void read(std::int64_t i, std::span<std::int32_t> tokens) const override {
    for (std::size_t t = 0; t < tokens.size(); ++t) {
      tokens[t] = static_cast<std::int32_t>((i * 7 + static_cast<std::int64_t>(t) * (1 + i % 2)) % 29);
    }
  }
  std::vector<data::DatasetShare> shares() const override { return {}; }
};

model::ModelConfig small_model() {
  model::ModelConfig config;
  config.shape.layers = 2;
  config.shape.hidden = 32;
  config.shape.heads = 4;
  config.shape.positions = 12;
  config.shape.vocabulary = 29;
  return config;
}

train::TrainConfig short_run(std::int64_t iterations) {
  train::TrainConfig config;
  config.micro_batch_size = 2;
  config.global_batch_size = 4;
  config.train_iterations = iterations;
  config.eval_interval = 5;
  config.eval_iterations = 2;
  config.schedule = {5e-3, 1e-4, optim::DecayStyle::cosine, 8, 4 * 40};
  return config;
}

data::TrainingData counting_data() {
  return {std::make_unique<CountingSource>(), std::make_unique<CountingSource>(), nullptr};
}

struct Recorder : train::Observer {
  std::vector<train::StepMetrics> steps;
  std::vector<train::EvaluationMetrics> evaluations;
  void on_step(const train::StepMetrics& metrics) override { steps.push_back(metrics); }
  void on_evaluation(const train::EvaluationMetrics& metrics) override { evaluations.push_back(metrics); }
  void on_saved(std::int64_t, const std::string&) override {}
};

struct TemporaryFolder {
  fs::path path = fs::temp_directory_path() / ("gpt_trainer_test_" + std::to_string(::getpid()));
  TemporaryFolder() { fs::remove_all(path); }
  ~TemporaryFolder() { fs::remove_all(path); }
};

bool never() { return false; }

}  // namespace

TEST_CASE("training learns, evaluates and reports each step") {
  model::Gpt<float> gpt(small_model());
  gpt.initialise(1);
  const auto data = counting_data();
  Recorder recorder;
  train::Trainer trainer(short_run(40), {}, gpt, data, recorder, never);
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
  const auto data = counting_data();
  Recorder whole, first, second;
  model::Gpt<float> straight(small_model());
  straight.initialise(1);
  train::Trainer(short_run(9), {}, straight, data, whole, never).run();

  train::SavePlan plan;
  plan.folder = folder.path.string();
  {
    model::Gpt<float> gpt(small_model());
    gpt.initialise(1);
    const auto result =
        train::Trainer(short_run(9), plan, gpt, data, first, [&] { return first.steps.size() >= 5; }).run();
    CHECK(result.reason == train::StopReason::requested);
    CHECK(result.iteration == 5);
    CHECK(first.evaluations.empty());
  }
  model::Gpt<float> gpt(small_model());
  auto saved = checkpoint::ModelFolder::open_or_throw(folder.path.string());
  train::Trainer trainer(short_run(9), plan, gpt, data, second, never);
  trainer.restore_or_throw(saved, train::Trainer::Restore::all);
  CHECK(trainer.run().iteration == 9);
  REQUIRE(second.steps.size() == 4);
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(second.steps[i].loss == whole.steps[5 + i].loss);
    CHECK(second.steps[i].gradient_norm == whole.steps[5 + i].gradient_norm);
  }
  CHECK(std::equal(gpt.weights().begin(), gpt.weights().end(), straight.weights().begin()));
  // The evaluation that the stop came before is made up for.
  REQUIRE(second.evaluations.size() == 2);
  CHECK(second.evaluations.front().iteration == 5);
  CHECK(second.evaluations.front().loss == whole.evaluations.front().loss);
}

TEST_CASE("a stop abandons an evaluation, which the resumed run makes") {
  const TemporaryFolder folder;
  const auto data = counting_data();
  Recorder first, second;
  train::SavePlan plan;
  plan.folder = folder.path.string();
  model::Gpt<float> gpt(small_model());
  gpt.initialise(1);
  // The stop is asked for between the step and its evaluation, or at the end within the final one.
  for (const std::int64_t iterations : {8, 4}) {
    int asked = 0;
    const auto stop = [&] {
      return static_cast<std::int64_t>(first.steps.size()) == std::min<std::int64_t>(iterations, 5) &&
             ++asked > 1;
    };
    first = {};
    auto config = short_run(iterations);
    train::Trainer trainer(config, plan, gpt, data, first, stop);
    const auto result = trainer.run();
    CHECK(result.reason == train::StopReason::requested);
    CHECK(first.evaluations.empty());
    auto saved = checkpoint::ModelFolder::open_or_throw(folder.path.string());
    second = {};
    train::Trainer resumed(config, plan, gpt, data, second, never);
    resumed.restore_or_throw(saved, train::Trainer::Restore::all);
    CHECK(resumed.run().reason == train::StopReason::finished);
    CHECK(second.steps.size() == static_cast<std::size_t>(iterations) - first.steps.size());
    REQUIRE_FALSE(second.evaluations.empty());
    CHECK(second.evaluations.front().iteration == static_cast<std::int64_t>(first.steps.size()));
    fs::remove_all(folder.path);
  }
}

TEST_CASE("a checkpoint without optimizer state is only resumed when told so") {
  const TemporaryFolder folder;
  const auto data = counting_data();
  Recorder recorder;
  train::SavePlan plan;
  plan.folder = folder.path.string();
  plan.optimizer = train::SavePlan::Optimizer::leave_out;
  model::Gpt<float> gpt(small_model());
  gpt.initialise(1);
  train::Trainer(short_run(3), plan, gpt, data, recorder, never).run();

  auto saved = checkpoint::ModelFolder::open_or_throw(folder.path.string());
  train::Trainer trainer(short_run(9), {}, gpt, data, recorder, never);
  CHECK_THROWS_WITH(trainer.restore_or_throw(saved, train::Trainer::Restore::all),
                    doctest::Contains("--no-load-optim"));
  trainer.restore_or_throw(saved, train::Trainer::Restore::without_optimizer);
  CHECK(trainer.iteration() == 3);
  train::Trainer anew(short_run(9), {}, gpt, data, recorder, never);
  anew.restore_or_throw(saved, train::Trainer::Restore::weights_only);
  CHECK(anew.iteration() == 0);
}

TEST_CASE("the size of micro batches changes nothing but rounding") {
  const auto data = counting_data();
  std::vector<Recorder> recorders(2);
  for (std::size_t i = 0; i < 2; ++i) {
    model::Gpt<float> gpt(small_model());
    gpt.initialise(1);
    auto config = short_run(10);
    config.micro_batch_size = i == 0 ? 1 : 4;
    train::Trainer(config, {}, gpt, data, recorders[i], never).run();
  }
  for (std::size_t step = 0; step < 10; ++step) {
    CHECK(recorders[0].steps[step].loss == doctest::Approx(recorders[1].steps[step].loss).epsilon(1e-5));
  }
}

TEST_CASE("a loss that is no number stops the run at its step and keeps the weights") {
  const auto data = counting_data();
  Recorder recorder;
  model::Gpt<float> gpt(small_model());
  gpt.initialise(1);
  gpt.weights()[5] = std::numeric_limits<float>::quiet_NaN();
  train::Trainer trainer(short_run(10), {}, gpt, data, recorder, never);
  CHECK_THROWS_WITH_AS(trainer.run(), doctest::Contains("loss of step 1 is "), train::NotFinite);
  CHECK(trainer.iteration() == 0);
}

TEST_CASE("unigram entropy is that of the token counts") {
  const CountingSource source;
  const auto entropy = train::unigram_entropy(source, 29, 12 * 29 * 2);
  CHECK(entropy.nats == doctest::Approx(std::log(29)).epsilon(0.01));
  CHECK_THROWS_AS(train::unigram_entropy(source, 20, 1000), model::ConfigError);
}

TEST_CASE("a global batch is viewed in micro batches with its samples' places") {
  const CountingSource source;
  const train::GlobalBatch batch(source, 6, 4, {3, false, false, true});
  const auto part = batch.micro_batch(1, 2);
  CHECK(part.sequences == 2);
  CHECK(part.tokens.size() == 24);
  CHECK(part.sample_indices[0] == 7);
  CHECK(part.targets[0] == part.tokens[1]);
  CHECK(part.tokens[0] == 7 * 7 % 29);
  double masked = 0;
  for (const auto token : batch.micro_batch(0, 4).tokens) masked += token == 3;
  CHECK(batch.unmasked_tokens() == 48 - masked);
}
