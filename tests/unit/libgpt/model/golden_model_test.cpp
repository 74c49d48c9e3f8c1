#include <cmath>
#include <numeric>

#include <doctest/doctest.h>

#include "libgpt/model/gpt.hpp"
#include "libgpt/ops/cpu/kernel_table.hpp"
#include "libgpt/ops/norm.hpp"
#include "tests/unit/libgpt/model/golden.hpp"

using namespace gpt;

namespace {

simdjson::dom::element golden_outputs(simdjson::dom::parser& parser, const std::string& folder) {
  return parser.load(folder + "/golden.json");
}

double l2(std::span<const float> values) { return std::sqrt(ops::sum_of_squares<float>(values)); }

void check_loss_and_logits(const std::string& folder) {
  CAPTURE(folder);
  simdjson::dom::parser parser;
  const auto golden = golden_outputs(parser, folder);
  model::Gpt<float> gpt(golden::config(folder));
  golden::load_weights(folder, gpt);
  const auto batch = golden::batch(golden, 0);
  const auto vocabulary = static_cast<std::size_t>(gpt.config().shape.vocabulary);

  for (const ops::cpu::Isa isa : ops::cpu::supported_isas()) {
    ops::cpu::select_isa(isa);
    CAPTURE(ops::cpu::isa_name(isa));
    CHECK(gpt.forward_loss(batch.view()).mean() ==
          doctest::Approx(golden["loss"].get_double()).epsilon(1e-6));

    std::vector<float> logits(4 * 64 * vocabulary);
    gpt.forward_logits(batch.view(), logits);
    const auto expected = golden["logits_sequence0_last_position"].get_array();
    double squares = 0;
    double differences = 0;
    for (std::size_t i = 0; i < vocabulary; ++i) {
      const double want = expected.at(i).get_double();
      squares += want * want;
      differences += std::pow(want - static_cast<double>(logits[63 * vocabulary + i]), 2);
    }
    CHECK(std::sqrt(differences / squares) < 1e-5);
    const double mean =
        std::accumulate(logits.begin(), logits.end(), 0.0) / static_cast<double>(logits.size());
    CHECK(mean == doctest::Approx(golden["logits_mean"].get_double()).epsilon(1e-4));
  }
  ops::cpu::select_isa(ops::cpu::supported_isas().back());
}

void check_gradients(const std::string& folder) {
  CAPTURE(folder);
  simdjson::dom::parser parser;
  const auto golden = golden_outputs(parser, folder);
  model::Gpt<float> gpt(golden::config(folder));
  golden::load_weights(folder, gpt);
  const auto batch = golden::batch(golden, 0);
  std::vector<float> gradients(gpt.layout().buffer_size(), 7.0f);

  const auto check = [&] {
    for (const auto& parameter : gpt.layout().parameters()) {
      CAPTURE(parameter.name);
      const double want = golden["grad_l2"][parameter.name].get_double();
      CHECK(l2(model::tensor_of(std::span<const float>(gradients), parameter)) ==
            doctest::Approx(want).epsilon(1e-5));
    }
  };
  // from one micro batch, on every instruction set
  for (const ops::cpu::Isa isa : ops::cpu::supported_isas()) {
    ops::cpu::select_isa(isa);
    CAPTURE(ops::cpu::isa_name(isa));
    gpt.forward_backward(batch.view(), 1.0 / 256, 0, model::Gradients::replace, gradients);
    check();
  }
  ops::cpu::select_isa(ops::cpu::supported_isas().back());
  // summed over micro batches of 1 and 3
  gpt.forward_backward(batch.view(0, 1), 1.0 / 256, 0, model::Gradients::replace, gradients);
  gpt.forward_backward(batch.view(1, 3), 1.0 / 256, 0, model::Gradients::add, gradients);
  check();
}

}  // namespace

TEST_CASE("loss and logits agree with transformers") {
  for (const auto& folder : golden::folders()) check_loss_and_logits(folder);
}

TEST_CASE("gradients of every tensor agree with torch") {
  for (const auto& folder : golden::folders()) check_gradients(folder);
}
