#include "apps/gpt-clean/rules/citations.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace gpt::clean {
namespace {

// The length of the reference at the front of a text that begins with '[', or 0.
std::size_t citation_length(std::string_view text) {
  for (const std::string_view phrase : {"[edit]", "[citation needed]"}) {
    if (text.starts_with(phrase)) return phrase.size();
  }
  const auto end = text.find_first_not_of("0123456789", 1);
  return end != std::string_view::npos && text[end] == ']' ? end + 1 : 0;
}

class CitationsRule : public Rule {
 public:
  explicit CitationsRule(const RuleKind& kind) : Rule(kind.name, Unit::documents_changed) {}
  Outcome apply(WorkingDocument& document) override {
    if (document.text.find('[') == std::string::npos) return untouched();
    std::string without = remove_citations(document.text);
    if (without.size() == document.text.size()) return untouched();
    document.text = std::move(without);
    return changed();
  }
};

}  // namespace

std::string remove_citations(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t plain = std::min(text.find('['), text.size());
    out.append(text, 0, plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    const std::size_t length = citation_length(text);
    if (length == 0) out.push_back('[');
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

RuleKind citations_kind() {
  return {.name = "citations",
          .summary = "Removes references as Wikipedia has them: [12], [edit], [citation needed]",
          .source = "Raffel et al. 2020 (C4), section 2.2",
          .unit = Rule::Unit::documents_changed,
          .parameters = {},
          .make = [](const Settings& settings) { return std::make_unique<CitationsRule>(settings.kind()); }};
}

}  // namespace gpt::clean
