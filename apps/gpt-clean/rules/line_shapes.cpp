#include "apps/gpt-clean/rules/line_shapes.hpp"

#include <algorithm>
#include <string_view>

#include "libcommon/text/utf8.hpp"

namespace gpt::clean {
namespace {

constexpr const char* kGopher = "Rae et al. 2021 (Gopher), section A.1.1";
constexpr const char* kFineWeb = "Penedo et al. 2024 (FineWeb), section 3.6";

bool has_bullet(std::string_view line) {
  return line.starts_with('-') || line.starts_with("•") || line.starts_with("–") || line.starts_with("*") ||
         line.starts_with("‣") || line.starts_with("·");
}

bool trails_off(std::string_view line) { return line.ends_with("...") || line.ends_with("…"); }

template <class Wanted>
std::optional<double> share_of_lines(WorkingDocument& document, Wanted wanted) {
  const auto& lines = document.tables().lines();
  const auto found = std::count_if(lines.begin(), lines.end(),
                                   [&](const Line& line) { return wanted(document.text_of(line)); });
  return ratio(static_cast<std::size_t>(found), lines.size());
}

Measure short_lines(const Settings& settings) {
  return [most = settings.count_or_throw("characters")](WorkingDocument& document) {
    return share_of_lines(document,
                          [&](std::string_view line) { return text::count_code_points(line) <= most; });
  };
}

Measure line_punctuation(const Settings& settings) {
  return [marks = settings.list_or_throw("marks")](WorkingDocument& document) {
    return share_of_lines(document, [&](std::string_view line) {
      return std::any_of(marks.begin(), marks.end(),
                         [&](const std::string& mark) { return line.ends_with(mark); });
    });
  };
}

std::optional<double> line_breaks(WorkingDocument& document) {
  const auto breaks = static_cast<std::size_t>(std::count(document.text.begin(), document.text.end(), '\n'));
  return ratio(breaks, document.tables().words().size());
}

}  // namespace

RuleKind bullet_lines_kind() {
  return measure_kind({.name = "bullet-lines",
                       .summary = "Drops documents of which too many lines begin with a bullet or a dash",
                       .source = kGopher,
                       .max = "0.9"},
                      [](WorkingDocument& document) { return share_of_lines(document, has_bullet); });
}

RuleKind ellipsis_lines_kind() {
  return measure_kind({.name = "ellipsis-lines",
                       .summary = "Drops documents of which too many lines end with an ellipsis",
                       .source = kGopher,
                       .max = "0.3"},
                      [](WorkingDocument& document) { return share_of_lines(document, trails_off); });
}

RuleKind line_punctuation_kind() {
  return measure_kind(
      {.name = "line-punctuation",
       .summary = "Drops documents of which too few lines end with a mark that ends sentences",
       .source = kFineWeb,
       .min = "0.12",
       .further = {{"marks", ".,!,?,‽,‼,⁇,⁈,⁉,。,！,？,।,؟,։,።", "the marks"}}},
      line_punctuation);
}

RuleKind short_lines_kind() {
  return measure_kind({.name = "short-lines",
                       .summary = "Drops documents of which too many lines are short",
                       .source = kFineWeb,
                       .max = "0.67",
                       .further = {{"characters", "30", "most characters of a short line"}}},
                      short_lines);
}

RuleKind line_breaks_kind() {
  return measure_kind({.name = "line-breaks",
                       .summary = "Drops documents with too many line ends to each word: lists",
                       .source = kFineWeb,
                       .max = "0.3"},
                      line_breaks);
}

}  // namespace gpt::clean
