#include "apps/gpt-clean/rules/repeated_lines.hpp"

#include <string_view>
#include <vector>

#include "libcommon/text/utf8.hpp"

namespace gpt::clean {
namespace {

constexpr const char* kGopher = "Rae et al. 2021 (Gopher), table A1";

enum class Unit { lines, paragraphs };
enum class Share { of_units, of_characters };

std::vector<std::string_view> paragraphs_of(WorkingDocument& document) {
  std::vector<std::string_view> paragraphs;
  const std::string_view text = document.text;
  std::size_t begin = 0;
  std::size_t end = 0;
  for (const Line& line : document.tables().lines()) {
    if (line.opens_paragraph) {
      if (end > begin) paragraphs.push_back(text.substr(begin, end - begin));
      begin = line.begin;
    }
    end = line.begin + line.length;
  }
  if (end > begin) paragraphs.push_back(text.substr(begin, end - begin));
  return paragraphs;
}

std::vector<std::string_view> lines_of(WorkingDocument& document) {
  std::vector<std::string_view> lines;
  for (const Line& line : document.tables().lines()) lines.push_back(document.text_of(line));
  return lines;
}

std::optional<double> repeated_share(WorkingDocument& document, Unit unit, Share share) {
  const auto units = unit == Unit::lines ? lines_of(document) : paragraphs_of(document);
  std::size_t repeated = 0;
  std::size_t repeated_characters = 0;
  HashSet& seen = document.hash_set();
  seen.begin(units.size());
  for (const std::string_view text : units) {
    if (seen.insert(hash_of_bytes(text))) continue;
    ++repeated;
    repeated_characters += text::count_code_points(text);
  }
  if (share == Share::of_units) return ratio(repeated, units.size());
  return ratio(repeated_characters, text::count_code_points(document.text));
}

RuleKind repeated_kind(MeasureWords words, Unit unit, Share share) {
  words.source = kGopher;
  return measure_kind(std::move(words), [unit, share](WorkingDocument& document) {
    return repeated_share(document, unit, share);
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
