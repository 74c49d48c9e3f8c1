#include "apps/gpt-clean/tally.hpp"

namespace gpt::clean {

void ReasonCount::keep(const Example& later) {
  if (!wants_example()) return;
  if (example) {
    further_examples.push_back(later);
  } else {
    example = later;
  }
}

void Tally::absorb(const Tally& later) {
  documents_in += later.documents_in;
  documents_unsampled += later.documents_unsampled;
  documents_out += later.documents_out;
  characters_in += later.characters_in;
  characters_out += later.characters_out;
  errors.absorb(later.errors);
  before.absorb(later.before);
  after.absorb(later.after);
  if (reasons.empty()) {
    reasons = later.reasons;
    return;
  }
  for (std::size_t i = 0; i < later.reasons.size(); ++i) {
    reasons[i].count += later.reasons[i].count;
    const ReasonCount& reason = later.reasons[i];
    if (reason.example) reasons[i].keep(*reason.example);
    for (const Example& example : reason.further_examples) reasons[i].keep(example);
  }
}

}  // namespace gpt::clean
