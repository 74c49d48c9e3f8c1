#include "apps/gpt-clean/repairs.hpp"

#include <algorithm>
#include <utility>

namespace gpt::clean {
namespace {

// Texts that want more are made for it.
constexpr int kMostRounds = 4;

}  // namespace

std::size_t count_leading_repairs(std::span<const std::unique_ptr<Rule>> rules) {
  const auto first_other = std::find_if(rules.begin(), rules.end(), [](const auto& rule) {
    return rule->unit() != Rule::Unit::documents_changed;
  });
  return static_cast<std::size_t>(first_other - rules.begin());
}

std::vector<Outcome> apply_repairs(std::span<const std::unique_ptr<Rule>> repairs,
                                   WorkingDocument& document) {
  std::vector<Outcome> found(repairs.size());
  bool is_uncovered = true;  // by a rule behind which others come, or which another round comes behind
  for (int round = 0; is_uncovered && round < kMostRounds; ++round) {
    is_uncovered = false;
    for (std::size_t i = 0; i < repairs.size(); ++i) {
      Outcome outcome = repairs[i]->apply(document);
      if (outcome.count == 0) continue;
      document.text_changed();
      is_uncovered = is_uncovered || i + 1 < repairs.size();
      if (found[i].count == 0) found[i] = std::move(outcome);
    }
  }
  return found;
}

}  // namespace gpt::clean
