#include "libgpt/train/not_finite.hpp"

#include <cmath>
#include <limits>

#include "libgpt/comm/byte_strings.hpp"
#include "libgpt/optim/gradient_norm.hpp"
#include "libgpt/tensor/instantiate.hpp"

namespace gpt::train {
namespace {

constexpr std::int64_t kNone = std::numeric_limits<std::int64_t>::max();

// Where a tensor stands in the model, from its input to its output.
std::int64_t depth_of(const model::Parameter& parameter) {
  using Site = model::ParameterSite;
  constexpr std::int64_t kSites = 16, kMostLayers = std::int64_t{1} << 32;
  if (parameter.site == Site::token_embedding || parameter.site == Site::position_embedding) return 0;
  if (parameter.site == Site::ln_f) return kMostLayers * kSites;
  return (parameter.layer + 1) * kSites + static_cast<std::int64_t>(parameter.site);
}

std::string name_of(const model::Parameter& parameter) {
  const bool in_block = parameter.name.starts_with("transformer.h.");
  return parameter.name + (in_block ? " (layer " + std::to_string(parameter.layer) + ")" : "");
}

// What the rank of least key has found; empty where none has a key.
std::optional<std::string> of_least(comm::Communicator& world, std::int64_t key, const std::string& text) {
  const std::int64_t least = world.all_reduced(key, comm::Reduction::min);
  if (least == kNone) return std::nullopt;
  const int winner = world.all_reduced(key == least ? world.rank() : world.size(), comm::Reduction::min);
  return comm::broadcast_string(world, text, winner) + " on rank " + std::to_string(winner);
}

}  // namespace

template <class T>
std::string where_not_finite(comm::Communicator& world, const FiniteSearch<T>& search) {
  const optim::ElementRanges all = {{0, search.weights.size()}};
  const auto* weight =
      optim::find_not_finite<T>(search.layout, all, search.weights, optim::Search::from_front);
  if (const auto found = of_least(world, weight != nullptr ? depth_of(*weight) : kNone,
                                  weight != nullptr ? "the weights of " + name_of(*weight) : "")) {
    return *found;
  }
  const auto* gradient = optim::find_not_finite<tensor::SumOf<T>>(search.layout, search.summed,
                                                                  search.gradients, optim::Search::from_back);
  if (const auto found = of_least(world, gradient != nullptr ? -depth_of(*gradient) : kNone,
                                  gradient != nullptr ? "the gradient of " + name_of(*gradient) : "")) {
    return *found;
  }
  return of_least(world, std::isfinite(search.own_loss) ? kNone : 0, "the loss")
      .value_or("an overflowing sum");
}

#define GPT_INSTANTIATE(T) \
  template std::string where_not_finite<T>(comm::Communicator&, const FiniteSearch<T>&);
GPT_FOR_EACH_TRAINED_ELEMENT(GPT_INSTANTIATE)
#undef GPT_INSTANTIATE

}  // namespace gpt::train
