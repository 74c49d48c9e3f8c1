// Whole trainings on the device, its kernels run on the CPU, beside the same trainings in the CPU's floats.
#include <cmath>
#include <map>
#include <vector>

#include <doctest/doctest.h>

#include "libgpt/checkpoint/model_folder.hpp"
#include "libgpt/comm/staged_communicator.hpp"
#include "libgpt/train/trainer.hpp"
#include "tests/support/cuda_on_cpu/device.hpp"
#include "tests/support/cuda_on_cpu/schedule.hpp"
#include "tests/support/layout_ranks.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tests/unit/libgpt/train/counting_run.hpp"

using namespace gpt;
using cuda_on_cpu::ScopedEmulatedDevice;
using tensor::DeviceBf16;
using tensor::DeviceF16;
using tensor::DeviceF32;

namespace {

// One head of 64, which the kernels with matrix fragments take.
model::ModelConfig model_of(double dropout) {
  model::ModelConfig config = counting::model();
  config.shape.hidden = 64;
  config.shape.heads = 1;
  config.attention_dropout = dropout;
  config.hidden_dropout = dropout;
  return config;
}

train::TrainConfig run_of(std::int64_t iterations) {
  train::TrainConfig config = counting::run(iterations);
  config.eval_interval = 0;
  config.eval_iterations = 1;
  return config;
}

struct Plan {
  cost::Layout layout;
  std::string load, save;
  std::int64_t stop_after = 0;  // 0: never
};

struct Outcome {
  std::vector<double> losses, norms;
  double validation_loss = 0;
};

template <class T>
Outcome train_as(const comm::ParallelGroups& groups, const model::ModelConfig& model,
                 const train::TrainConfig& config, const Plan& plan) {
  const auto rows = plan.layout.sequence == cost::Sequence::parallel ? model::SequenceRows::split
                                                                     : model::SequenceRows::whole;
  model::Stage<T> stage(model, {model::model_part(model.shape, plan.layout, groups.place), rows, {}},
                        *groups.tensor);
  const auto data = counting::data();
  counting::Recorder recorder;
  train::SavePlan save;
  if (!plan.save.empty()) save.folder = plan.save;
  train::Trainer<T> trainer(config, save, stage, groups, data, recorder, [&] {
    return plan.stop_after > 0 && recorder.steps.size() == static_cast<std::size_t>(plan.stop_after);
  });
  trainer.initialise_weights();
  if (!plan.load.empty()) {
    auto folder = checkpoint::ModelFolder::open_or_throw(plan.load);
    trainer.restore_or_throw(folder, train::Restore::all);
  }
  const auto result = trainer.run();
  Outcome outcome;
  for (const auto& step : recorder.steps) {
    outcome.losses.push_back(step.loss);
    outcome.norms.push_back(step.gradient_norm);
  }
  outcome.validation_loss = result.validation_loss.value_or(NAN);
  return outcome;
}

// The groups of a rank that shares its GPU with others: what lies on the device passes through host memory.
struct StagedGroups {
  explicit StagedGroups(const comm::ParallelGroups& host)
      : world(*host.world),
        tensor(*host.tensor),
        data(*host.data),
        pipeline(*host.pipeline),
        embedding(*host.embedding),
        groups{host.layout, host.place, &world, &tensor, &data, &pipeline, &embedding} {}

  comm::StagedCommunicator world, tensor, data, pipeline, embedding;
  comm::ParallelGroups groups;
};

// What rank 0 saw.
template <class T>
Outcome trained(const model::ModelConfig& model, const train::TrainConfig& config, const Plan& plan = {}) {
  Outcome outcome;
  test::run_layout(plan.layout, [&](const comm::ParallelGroups& groups) {
    const StagedGroups staged(groups);
    const Outcome own = train_as<T>(staged.groups, model, config, plan);
    if (groups.world->rank() == 0) outcome = own;
  });
  return outcome;
}

double largest_difference(const std::vector<double>& a, const std::vector<double>& b) {
  if (a.size() != b.size()) return INFINITY;
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double difference = std::abs(a[i] - b[i]);
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
}

}  // namespace

TEST_CASE("twenty steps on the device follow those of floats on the CPU") {
  const ScopedEmulatedDevice device;
  const auto model = model_of(0.1);
  auto config = run_of(20);
  const Outcome floats = trained<float>(model, config);
  REQUIRE(floats.losses.size() == 20);
  CHECK(floats.losses.back() < floats.losses.front() - 0.5);  // something is learnt
  const Outcome exact = trained<DeviceF32>(model, config), brief = trained<DeviceBf16>(model, config);
  CHECK(largest_difference(exact.losses, floats.losses) < 1e-4);
  CHECK(largest_difference(exact.norms, floats.norms) < 1e-3);
  CHECK(largest_difference(brief.losses, floats.losses) < 1e-2);
  config.loss_scaler = optim::LossScalerConfig{.initial = 1024};
  CHECK(largest_difference(trained<DeviceF16>(model, config).losses, floats.losses) < 1e-2);
}

TEST_CASE_TEMPLATE("training on the device is the same bit for bit in whatever order threads run", T,
                   DeviceF32, DeviceBf16) {
  const ScopedEmulatedDevice device;
  const auto model = model_of(0.1);
  const auto config = run_of(3);
  const Outcome in_order = trained<T>(model, config);
  Outcome shuffled;
  test::run_layout({}, [&](const comm::ParallelGroups& groups) {
    const cuda_on_cpu::ScopedSchedule scope(cuda_on_cpu::Schedule{7});  // of this rank's thread
    shuffled = train_as<T>(groups, model, config, {});
  });
  CHECK(shuffled.losses == in_order.losses);
  CHECK(shuffled.norms == in_order.norms);
  CHECK(shuffled.validation_loss == in_order.validation_loss);
}

TEST_CASE("fp16 skips steps that overflow until the loss scale fits, then learns") {
  const ScopedEmulatedDevice device;
  auto config = run_of(20);
  config.loss_scaler = optim::LossScalerConfig{.initial = 0x1p26};
  const Outcome outcome = trained<DeviceF16>(model_of(0), config);
  std::size_t first = 0;  // step whose gradients are finite
  while (first < outcome.norms.size() && !std::isfinite(outcome.norms[first])) ++first;
  CHECK(first >= 4);
  CHECK(first <= 10);
  for (std::size_t i = 0; i <= first; ++i)  // nothing is learnt from other steps
    CHECK(outcome.losses[i] == doctest::Approx(std::log(29)).epsilon(0.05));
  CHECK(outcome.losses.back() < outcome.losses.front() - 0.8);
}

TEST_CASE("a training stopped on the device goes on there bit for bit, and on the CPU and back") {
  const ScopedEmulatedDevice device;
  const test::ScratchFolder folder;
  const auto model = model_of(0.1);
  const auto config = run_of(8);
  const auto rest = [](const Outcome& whole, std::size_t from) {
    return std::vector<double>(whole.losses.begin() + static_cast<std::ptrdiff_t>(from), whole.losses.end());
  };
  const Outcome brief = trained<DeviceBf16>(model, config);
  trained<DeviceBf16>(model, config, {{}, "", folder.file("bf16"), 3});
  CHECK(trained<DeviceBf16>(model, config, {{}, folder.file("bf16"), "", 0}).losses == rest(brief, 3));

  const Outcome exact = trained<DeviceF32>(model, config), floats = trained<float>(model, config);
  trained<DeviceF32>(model, config, {{}, "", folder.file("from_device"), 3});
  CHECK(largest_difference(trained<float>(model, config, {{}, folder.file("from_device"), "", 0}).losses,
                           rest(floats, 3)) < 1e-4);
  trained<float>(model, config, {{}, "", folder.file("from_cpu"), 3});
  CHECK(largest_difference(trained<DeviceF32>(model, config, {{}, folder.file("from_cpu"), "", 0}).losses,
                           rest(exact, 3)) < 1e-4);
}

TEST_CASE("every layout of the ranks trains alike on the device") {
  const ScopedEmulatedDevice device;
  auto model = model_of(0.1);
  model.shape.heads = 4;
  const auto config = run_of(3);
  const Outcome one = trained<DeviceF32>(model, config), one_brief = trained<DeviceBf16>(model, config);
  std::map<std::string, cost::Layout> layouts;
  layouts["tensor 2"].tensor = 2;
  layouts["tensor 2, rows split"].tensor = 2;
  layouts["tensor 2, rows split"].sequence = cost::Sequence::parallel;
  layouts["pipeline 2"].pipeline = 2;
  layouts["data 2"].data = 2;
  for (const auto& [name, layout] : layouts) {
    CAPTURE(name);
    const Outcome outcome = trained<DeviceF32>(model, config, {layout, "", "", 0});
    CHECK(largest_difference(outcome.losses, one.losses) < 1e-5);
    CHECK(largest_difference(outcome.norms, one.norms) < 1e-4);
    CHECK(largest_difference(trained<DeviceBf16>(model, config, {layout, "", "", 0}).losses,
                             one_brief.losses) < 2e-2);
  }
}
