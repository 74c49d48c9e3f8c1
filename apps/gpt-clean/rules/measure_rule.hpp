#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "apps/gpt-clean/rules/rule_kind.hpp"

namespace gpt::clean {

// A number that tells something of a document; none where there is nothing to judge.
using Measure = std::function<std::optional<double>(WorkingDocument&)>;

// What is said of a rule that judges documents by one number and drops those outside of limits.
struct MeasureWords {
  std::string name;
  std::string summary;
  std::string source;
  std::string min = "none";  // standard limits, themselves allowed; "none": no limit
  std::string max = "none";
  std::vector<Parameter> further = {};  // beside min, max and from-words
  bool uses_language = false;
};

// The kind of such a rule. All have the parameters min, max, and from-words: documents with fewer words are
// not judged.
RuleKind measure_kind(MeasureWords words, Measure measure);
// The same where the measure has parameters of its own.
RuleKind measure_kind(MeasureWords words, std::function<Measure(const Settings&)> make_measure);

// A number with at most six digits, as it is written into reports and fields.
std::string short_number(double value);

// a / b; nothing of nothing.
std::optional<double> ratio(std::size_t part, std::size_t whole);

}  // namespace gpt::clean
