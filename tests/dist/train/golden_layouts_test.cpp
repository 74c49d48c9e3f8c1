#include <doctest/doctest.h>

#include "libgpt/checkpoint/parameter_pieces.hpp"
#include "tests/dist/train/layout_cases.hpp"
#include "tests/unit/libgpt/model/golden.hpp"

using namespace gpt;
using test::Again;
using test::Rows;
using test::States;

namespace {

// The batches of a reference file, one step of four sequences after the other.
class GoldenSource : public data::SampleSource {
 public:
  explicit GoldenSource(const simdjson::dom::element& golden) {
    for (std::size_t step = 0; step < 20; ++step) batches_.push_back(golden::batch(golden, step));
  }
  std::int64_t size() const override { return 80; }
  std::int64_t sequence_length() const override { return 64; }
  void read(std::int64_t i, std::span<std::int32_t> tokens) const override {
    const golden::Batch& batch = batches_[static_cast<std::size_t>(i / 4)];
    const auto first = static_cast<std::size_t>(i % 4 * 64);
    std::copy_n(batch.tokens.begin() + static_cast<std::ptrdiff_t>(first), 64, tokens.begin());
    tokens.back() = batch.targets[first + 63];
  }
  std::vector<data::DatasetShare> shares() const override { return {}; }

 private:
  std::vector<golden::Batch> batches_;
};

train::TrainConfig golden_run() {
  train::TrainConfig config;
  config.global_batch_size = 4;
  config.train_iterations = 20;
  config.eval_iterations = 0;
  config.schedule = {1e-3, 1e-3, optim::DecayStyle::constant, 0, 80};
  config.optimizer = {0.9, 0.95, 1e-8, 0.1};
  return config;
}

// Which of these the model can be cut into, for as many ranks as there are.
std::vector<test::LayoutCase> layouts_of(const cost::ModelShape& shape) {
  std::vector<test::LayoutCase> fitting;
  for (const auto& what : {test::layout_case(1, 1, 1, 1, Rows::whole, States::whole, Again::nothing),
                           test::layout_case(2, 1, 1, 1, Rows::split, States::whole, Again::selective),
                           test::layout_case(1, 1, 2, 1, Rows::whole, States::sharded, Again::nothing),
                           test::layout_case(1, 2, 1, 1, Rows::whole, States::whole, Again::nothing),
                           test::layout_case(1, 3, 1, 1, Rows::whole, States::whole, Again::uniform),
                           test::layout_case(4, 1, 1, 1, Rows::whole, States::whole, Again::nothing),
                           test::layout_case(2, 1, 2, 1, Rows::whole, States::sharded, Again::nothing),
                           test::layout_case(1, 1, 4, 1, Rows::whole, States::sharded, Again::nothing),
                           test::layout_case(4, 1, 2, 1, Rows::split, States::sharded, Again::nothing),
                           test::layout_case(2, 1, 4, 1, Rows::split, States::whole, Again::nothing)}) {
    if (what.layout.processes() != test::world().size()) continue;
    try {
      model::check_layout_or_throw(shape, what.layout);
      fitting.push_back(what);
    } catch (const model::ConfigError&) {
    }
  }
  return fitting;
}

void check_layout(const std::string& folder, const simdjson::dom::element& golden,
                  const test::LayoutCase& what) {
  CAPTURE(folder);
  CAPTURE(what.name);
  const data::TrainingData data{std::make_unique<GoldenSource>(golden), nullptr, nullptr};
  const comm::GroupsOfRank ranks(test::world(), what.layout);
  auto stage = test::layout_stage(golden::config(folder), what, ranks.groups());
  auto weights = checkpoint::ModelFolder::open_or_throw(folder);
  checkpoint::read_parameters_or_throw(weights.weights(), stage.layout(), stage.weights());
  test::StepRecorder recorder;
  auto config = golden_run();
  config.micro_batch_size = test::micro_batch_size(what.layout, config.global_batch_size);
  train::Trainer(config, {}, stage, ranks.groups(), data, recorder, [] { return false; }).run();
  for (std::size_t step = 0; step < 20; ++step) {
    CAPTURE(step);
    CHECK(recorder.outcome.losses[step] ==
          doctest::Approx(golden["adamw"]["losses"].at(step).get_double()).epsilon(1e-5));
    CHECK(recorder.outcome.norms[step] ==
          doctest::Approx(golden["adamw"]["grad_norms"].at(step).get_double()).epsilon(1e-5));
  }
}

}  // namespace

TEST_CASE("twenty steps agree with torch at every layout") {
  for (const auto& folder : golden::folders()) {
    simdjson::dom::parser parser;
    const simdjson::dom::element golden = parser.load(folder + "/golden.json");
    for (const auto& what : layouts_of(golden::config(folder).shape)) check_layout(folder, golden, what);
  }
}
