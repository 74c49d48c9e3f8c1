#include "apps/gpt-clean/rules/sentence_count.hpp"

#include <memory>

#include "apps/gpt-clean/sentence_splitters.hpp"

namespace gpt::clean {
RuleKind sentence_count_kind() {
  return measure_kind(
      {.name = "sentence-count",
       .summary = "Drops documents with too few sentences",
       .source = "Raffel et al. 2020 (C4), section 2.2",
       .min = "3",
       .uses_language = true},
      [](const Settings&) -> Measure {
        return [splitters = std::make_shared<SentenceSplitters>()](WorkingDocument& document) {
          return static_cast<double>(splitters->of(document.language).split(document.text).size());
        };
      });
}

}  // namespace gpt::clean
