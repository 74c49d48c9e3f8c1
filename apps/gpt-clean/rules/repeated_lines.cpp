#include "apps/gpt-clean/rules/repeated_lines.hpp"

#include <algorithm>
#include <string_view>

#include "libcommon/text/utf8.hpp"

namespace gpt::clean {
namespace {

constexpr const char* kGopher = "Rae et al. 2021 (Gopher), table A1";

enum class Unit { lines, paragraphs };
enum class Share { of_units, of_characters };

template <class Visit>
void for_each_line(WorkingDocument& document, Visit visit) {
  for (const Line& line : document.tables().lines()) visit(document.text_of(line));
}

template <class Visit>
void for_each_paragraph(WorkingDocument& document, Visit visit) {
  const std::string_view text = document.text;
  std::size_t begin = 0;
  std::size_t end = 0;
  for (const Line& line : document.tables().lines()) {
    if (line.opens_paragraph) {
      if (end > begin) visit(text.substr(begin, end - begin));
      begin = line.begin;
    }
    end = line.begin + line.length;
  }
  if (end > begin) visit(text.substr(begin, end - begin));
}

// What the characters of repeated lines are a share of: the text, or the text without its line ends.
enum class Whole { text, without_line_ends };

std::size_t characters_of(WorkingDocument& document, Whole whole) {
  if (whole == Whole::text) return document.characters();
  const auto line_ends = std::count(document.text.begin(), document.text.end(), '\n');
  return document.characters() - static_cast<std::size_t>(line_ends);
}

std::optional<double> repeated_share(WorkingDocument& document, Unit unit, Share share, Whole whole) {
  std::size_t units = 0;
  std::size_t repeated = 0;
  std::size_t repeated_characters = 0;
  HashSet& seen = document.hash_set();
  seen.begin(document.tables().lines().size());
  const auto look_at = [&](std::string_view text) {
    ++units;
    if (seen.insert(hash_of_bytes(text))) return;
    ++repeated;
    repeated_characters += text::count_code_points(text);
  };
  if (unit == Unit::lines) {
    for_each_line(document, look_at);
  } else {
    for_each_paragraph(document, look_at);
  }
  if (share == Share::of_units) return ratio(repeated, units);
  return ratio(repeated_characters, characters_of(document, whole));
}

RuleKind repeated_kind(MeasureWords words, Unit unit, Share share) {
  words.source = kGopher;
  if (share == Share::of_characters)
    words.further = {{"line-ends", "yes", "whether the line ends count among the characters of the text"}};
  return measure_kind(std::move(words), [unit, share](const Settings& settings) -> Measure {
    const bool all = share == Share::of_units || settings.flag_or_throw("line-ends");
    return [unit, share, whole = all ? Whole::text : Whole::without_line_ends](WorkingDocument& document) {
      return repeated_share(document, unit, share, whole);
    };
  });
}

}  // namespace

RuleKind duplicate_lines_kind() {
  return repeated_kind({.name = "duplicate-lines",
                        .summary = "Drops documents of which too many lines have stood there before",
                        .source = {},
                        .max = "0.3"},
                       Unit::lines, Share::of_units);
}

RuleKind duplicate_line_characters_kind() {
  return repeated_kind(
      {.name = "duplicate-line-characters",
       .summary = "Drops documents with too many characters in lines that have stood there before",
       .source = {},
       .max = "0.2"},
      Unit::lines, Share::of_characters);
}

RuleKind duplicate_paragraphs_kind() {
  return repeated_kind({.name = "duplicate-paragraphs",
                        .summary = "Drops documents of which too many paragraphs have stood there before",
                        .source = {},
                        .max = "0.3"},
                       Unit::paragraphs, Share::of_units);
}

RuleKind duplicate_paragraph_characters_kind() {
  return repeated_kind(
      {.name = "duplicate-paragraph-characters",
       .summary = "Drops documents with too many characters in paragraphs that have stood there before",
       .source = {},
       .max = "0.2"},
      Unit::paragraphs, Share::of_characters);
}

}  // namespace gpt::clean
