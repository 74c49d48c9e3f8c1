#include "libgpt/model/model_part.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <string>

#include <doctest/doctest.h>

#include "libgpt/model/model_config.hpp"
#include "libgpt/model/parameter_layout.hpp"

using namespace gpt;
using model::Run;

namespace {

cost::ModelShape shape_of(std::int64_t layers, std::int64_t hidden, std::int64_t heads) {
  cost::ModelShape shape;
  shape.layers = layers;
  shape.hidden = hidden;
  shape.heads = heads;
  shape.positions = 10;
  shape.vocabulary = 37;
  return shape;
}

std::string message_of(const cost::ModelShape& shape, const cost::Layout& layout) {
  try {
    model::check_layout_or_throw(shape, layout);
  } catch (const model::ConfigError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("the runs of a part name its elements once, in the whole tensor and in the part") {
  // Columns 1 and 2 of each third of a [2, 12] tensor.
  const model::TensorPart part = {2, 12, 0, 2, 1, 2, 3, 4};
  CHECK(model::runs_of(part) ==
        std::vector<Run>{{1, 0, 2}, {5, 2, 2}, {9, 4, 2}, {13, 6, 2}, {17, 8, 2}, {21, 10, 2}});
  CHECK(model::runs_of(part, 1, 5) == std::vector<Run>{{2, 1, 1}, {5, 2, 2}, {9, 4, 1}});
  CHECK(model::runs_of(model::whole_tensor({3, 4})) == std::vector<Run>{{0, 0, 12}});
  // Whole rows are one run.
  CHECK(model::runs_of({6, 4, 2, 3, 0, 4, 1, 0}) == std::vector<Run>{{8, 0, 12}});
}

TEST_CASE("the parts of all ranks make up every tensor, each element as often as it is replicated") {
  const auto shape = shape_of(8, 24, 4);
  for (const cost::Layout layout :
       {cost::Layout{}, cost::Layout{.tensor = 4}, cost::Layout{.tensor = 2, .pipeline = 4},
        cost::Layout{.tensor = 2, .pipeline = 2, .virtual_stages = 2}}) {
    CAPTURE(layout.tensor);
    CAPTURE(layout.pipeline);
    std::map<std::string, std::vector<int>> times;
    const model::ParameterLayout whole(shape);
    for (const auto& parameter : whole.parameters()) {
      times[parameter.name].resize(parameter.count);
    }
    for (std::int64_t rank = 0; rank < layout.processes(); ++rank) {
      const auto part = model::model_part(shape, layout, cost::rank_place(layout, rank));
      const model::ParameterLayout held(shape, part);
      for (const auto& parameter : held.parameters()) {
        auto& seen = times.at(parameter.name);
        if (parameter.tied_copy || (parameter.replicated() && part.tensor_rank > 0)) continue;
        for (const Run& run : model::runs_of(parameter.part)) {
          for (std::int64_t i = 0; i < run.count; ++i) ++seen[static_cast<std::size_t>(run.global + i)];
        }
      }
    }
    for (const auto& [name, seen] : times) {
      CAPTURE(name);
      CHECK(std::all_of(seen.begin(), seen.end(), [](int n) { return n == 1; }));
    }
  }
}

TEST_CASE("chunks go round the stages, the embedding with the first and the head with the last") {
  const auto shape = shape_of(8, 24, 4);
  const cost::Layout layout = {.pipeline = 2, .virtual_stages = 2};
  const auto first = model::model_part(shape, layout, {0, 0, 0});
  const auto last = model::model_part(shape, layout, {0, 0, 1});
  CHECK(first.layers == std::vector<std::int64_t>{0, 1, 4, 5});
  CHECK(last.layers == std::vector<std::int64_t>{2, 3, 6, 7});
  CHECK(first.chunks[1].first == 2);
  CHECK((first.has_embedding() && !first.has_head()));
  CHECK((!last.has_embedding() && last.has_head()));
  const model::ParameterLayout held(shape, last);
  CHECK(held.parameters().front().tied_copy);
  CHECK(held.inner(2, model::ParameterLayout::Inner::qkv_bias).name == "transformer.h.6.attn.c_attn.bias");
}

TEST_CASE("a layout that does not fit is refused with those that do") {
  const auto shape = shape_of(12, 24, 6);
  CHECK(message_of(shape, {.tensor = 3, .pipeline = 4}) == "");
  CHECK(message_of(shape, {.tensor = 4}).find("possible sizes are 1, 2, 3, 6") != std::string::npos);
  CHECK(message_of(shape, {.pipeline = 5}).find("possible sizes are 1, 2, 3, 4, 6, 12") != std::string::npos);
  CHECK(message_of(shape, {.pipeline = 4, .virtual_stages = 2}).find("24 layers would fit") !=
        std::string::npos);
}
