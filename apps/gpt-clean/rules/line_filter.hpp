#pragma once

#include <functional>
#include <string_view>

#include "apps/gpt-clean/rules/rule_kind.hpp"

namespace gpt::clean {

// A line of a document, for who decides whether it stays.
struct LineView {
  WorkingDocument& document;
  const Line& line;
  std::string_view text() const { return document.text_of(line); }
};

using LineTest = std::function<bool(const LineView&)>;

// A rule that drops the lines for which the test says so. Blank lines are not tested; of those around lines
// that go at most one stays.
RuleKind line_filter_kind(std::string name, std::string summary, std::string source,
                          std::vector<Parameter> parameters,
                          std::function<LineTest(const Settings&)> make_is_dropped);

}  // namespace gpt::clean
