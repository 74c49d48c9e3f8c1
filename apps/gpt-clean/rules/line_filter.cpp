#include "apps/gpt-clean/rules/line_filter.hpp"

#include <memory>
#include <string>
#include <utility>

namespace gpt::clean {
namespace {

class LineFilterRule : public Rule {
 public:
  LineFilterRule(const RuleKind& kind, LineTest is_dropped)
      : Rule(kind.name, Unit::lines_dropped), is_dropped_(std::move(is_dropped)) {}

  Outcome apply(WorkingDocument& document) override {
    Outcome outcome;
    std::string kept;
    const auto& lines = document.tables().lines();
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (is_dropped_({document, lines[i]})) {
        if (outcome.count++ == 0) {
          outcome.detail = document.text_of(lines[i]);
          kept = text_before(document, i);
        }
      } else if (outcome.count > 0) {
        append(kept, document, lines[i], i == 0 || lines[i].opens_paragraph);
      }
    }
    if (outcome.count > 0) document.text = std::move(kept);
    return outcome;
  }

 private:
  static std::string text_before(WorkingDocument& document, std::size_t line) {
    if (line == 0) return {};
    const Line& last = document.tables().lines()[line - 1];
    return document.text.substr(0, last.begin + last.length);
  }

  static void append(std::string& kept, const WorkingDocument& document, const Line& line,
                     bool opens_paragraph) {
    if (!kept.empty()) kept += opens_paragraph ? "\n\n" : "\n";
    kept += document.text_of(line);
  }

  LineTest is_dropped_;
};

}  // namespace

RuleKind line_filter_kind(std::string name, std::string summary, std::string source,
                          std::vector<Parameter> parameters,
                          std::function<LineTest(const Settings&)> make_is_dropped) {
  return {.name = std::move(name),
          .summary = std::move(summary),
          .source = std::move(source),
          .unit = Rule::Unit::lines_dropped,
          .parameters = std::move(parameters),
          .make = [make_is_dropped = std::move(make_is_dropped)](const Settings& settings) {
            return std::make_unique<LineFilterRule>(settings.kind(), make_is_dropped(settings));
          }};
}

}  // namespace gpt::clean
