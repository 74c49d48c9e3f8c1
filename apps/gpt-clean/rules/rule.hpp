#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "apps/gpt-clean/rules/working_document.hpp"

namespace gpt::clean {

// What a rule did to one document.
struct Outcome {
  enum class Fate { kept, dropped };
  Fate fate = Fate::kept;
  std::uint64_t count = 0;  // what it found, in the rule's unit; 0: nothing
  std::string detail;       // for the example in the report: the language found, the sentence dropped ...
  std::optional<double> measure;  // what a rule that judges by a number saw, for --annotate
};

inline Outcome untouched() { return {}; }
inline Outcome changed() { return {Outcome::Fate::kept, 1, {}, {}}; }
inline Outcome dropped(std::string detail) { return {Outcome::Fate::dropped, 1, std::move(detail), {}}; }

// One cleaning rule with its parameters. A rule sees every document that the rules before it kept; it may
// change the text, or say that the document goes. Each worker has its own rules, so they may keep buffers.
class Rule {
 public:
  // What the count of an outcome counts. A rule that drops documents leaves their text as it is; one
  // that changes the text counts something, but for rules on sentences, which may lay the text out anew.
  // `nothing`: a rule that notes something for others.
  enum class Unit {
    documents_changed,
    documents_dropped,
    sentences_dropped,
    lines_dropped,
    spans_masked,
    nothing
  };

  // name: that of the rule's kind (rule_kind.hpp); it must outlive the rule.
  Rule(std::string_view name, Unit unit) : name_(name), unit_(unit) {}
  virtual ~Rule() = default;
  virtual Outcome apply(WorkingDocument& document) = 0;

  std::string_view name() const { return name_; }  // the reason in the report
  Unit unit() const { return unit_; }

 private:
  std::string_view name_;
  Unit unit_;
};

using Rules = std::vector<std::unique_ptr<Rule>>;

}  // namespace gpt::clean
