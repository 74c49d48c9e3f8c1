#include "apps/gpt-clean/rules/measure_rule.hpp"

#include <array>
#include <charconv>
#include <memory>
#include <utility>

namespace gpt::clean {
namespace {

std::optional<double> limit_or_throw(const Settings& settings, std::string_view name) {
  if (settings.text_or_throw(name) == "none") return std::nullopt;
  return settings.number_or_throw(name);
}

class MeasureRule : public Rule {
 public:
  MeasureRule(const Settings& settings, Measure measure)
      : Rule(settings.kind().name, Unit::documents_dropped),
        measure_(std::move(measure)),
        least_(limit_or_throw(settings, "min")),
        most_(limit_or_throw(settings, "max")),
        from_words_(settings.count_or_throw("from-words")) {
    if (least_ && most_ && *least_ > *most_)
      settings.refuse("min", "at most max=" + settings.text_or_throw("max") + ": every document would go");
  }

  Outcome apply(WorkingDocument& document) override {
    if (from_words_ > 0 && document.tables().words().size() < from_words_) return untouched();
    const std::optional<double> value = measure_(document);
    if (!value) return untouched();
    Outcome outcome = judge(*value);
    outcome.measure = value;
    return outcome;
  }

 private:
  Outcome judge(double value) const {
    if (least_ && value < *least_)
      return dropped(short_number(value) + ", less than " + short_number(*least_));
    if (most_ && value > *most_) return dropped(short_number(value) + ", more than " + short_number(*most_));
    return untouched();
  }

  Measure measure_;
  std::optional<double> least_;
  std::optional<double> most_;
  std::size_t from_words_;
};

}  // namespace

RuleKind measure_kind(MeasureWords words, std::function<Measure(const Settings&)> make_measure) {
  RuleKind kind{.name = std::move(words.name),
                .summary = std::move(words.summary),
                .source = std::move(words.source),
                .unit = Rule::Unit::documents_dropped,
                .parameters = {{"min", std::move(words.min), "least value kept, or none"},
                               {"max", std::move(words.max), "greatest value kept, or none"},
                               {"from-words", "0", "documents with fewer words are not judged"}},
                .uses_language = words.uses_language,
                .make = [make_measure = std::move(make_measure)](const Settings& settings) {
                  return std::make_unique<MeasureRule>(settings, make_measure(settings));
                }};
  for (Parameter& parameter : words.further) kind.parameters.push_back(std::move(parameter));
  return kind;
}

RuleKind measure_kind(MeasureWords words, Measure measure) {
  return measure_kind(std::move(words), [measure = std::move(measure)](const Settings&) { return measure; });
}

std::string short_number(double value) {
  std::array<char, 32> digits{};
  const auto end =
      std::to_chars(digits.data(), digits.data() + digits.size(), value, std::chars_format::general, 6).ptr;
  return {digits.data(), end};
}

std::optional<double> ratio(std::size_t part, std::size_t whole) {
  if (whole == 0) return std::nullopt;
  return static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace gpt::clean
