#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "apps/gpt-clean/rules/rule.hpp"
#include "apps/gpt-clean/statistics.hpp"
#include "libcommon/io/record_errors.hpp"

namespace gpt::clean {

// One document that a rule met, for the report.
struct Example {
  std::string file;
  std::uint64_t line = 0;
  std::string text;    // the beginning of the document as it came in
  std::string detail;  // what the rule said of it
};

// How often a rule found something, and where first.
struct ReasonCount {
  static constexpr std::size_t kFurtherExamples = 2;
  std::string name;
  Rule::Unit unit = Rule::Unit::documents_changed;
  std::uint64_t count = 0;
  std::optional<Example> example;           // the first
  std::vector<Example> further_examples{};  // and the next ones, of other documents

  bool wants_example() const { return !example || further_examples.size() < kFurtherExamples; }
  void keep(const Example& later);
};

// What became of the documents of a batch, or of a whole run.
struct Tally {
  std::uint64_t documents_in = 0;
  std::uint64_t documents_unsampled = 0;  // of these, left out by --sample before any rule
  std::uint64_t documents_out = 0;
  std::uint64_t characters_in = 0;
  std::uint64_t characters_out = 0;
  std::vector<ReasonCount> reasons;  // in the order of the rules
  io::RecordErrors errors;
  Statistics before;  // of the documents as read, and as written; empty unless asked for
  Statistics after;

  // Takes over the counts of a later stretch of the input, which went through the same rules.
  void absorb(const Tally& later);
};

}  // namespace gpt::clean
