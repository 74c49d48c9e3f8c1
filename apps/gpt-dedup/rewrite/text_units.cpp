#include "apps/gpt-dedup/rewrite/text_units.hpp"

#include <algorithm>

namespace gpt::dedup {
namespace {

bool is_blank(std::string_view line) { return line.find_first_not_of(" \t\r\v\f") == std::string_view::npos; }

// The lines of a text; of a text that ends in '\n' none comes after that.
std::vector<TextUnit> lines_of(std::string_view text) {
  std::vector<TextUnit> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::size_t after = std::min(end + 1, text.size());
    lines.push_back({begin, end, after});
    begin = after;
  }
  return lines;
}

std::vector<TextUnit> paragraphs_of(std::string_view text) {
  std::vector<TextUnit> paragraphs;
  bool after_blank = true;
  for (const TextUnit& line : lines_of(text)) {
    const bool blank = is_blank(text.substr(line.begin, line.end - line.begin));
    if (paragraphs.empty() || (after_blank && !blank)) {
      paragraphs.push_back(line);
      if (blank) paragraphs.back().end = line.begin;
    } else {
      if (!blank) paragraphs.back().end = line.end;
      paragraphs.back().after = line.after;
    }
    after_blank = blank;
  }
  return paragraphs;
}

std::vector<TextUnit> sentences_of(std::string_view text, text::SentenceSplitter& splitter) {
  std::vector<TextUnit> sentences;
  for (const std::string_view sentence : splitter.split(text)) {
    const auto begin = static_cast<std::size_t>(sentence.data() - text.data());
    if (!sentences.empty()) sentences.back().after = begin;
    sentences.push_back({sentences.empty() ? 0 : begin, begin + sentence.size(), text.size()});
  }
  if (sentences.empty() && !text.empty()) sentences.push_back({0, 0, text.size()});
  return sentences;
}

}  // namespace

UnitSplitter::UnitSplitter(RepeatUnit unit, const std::string& language) : unit_(unit) {
  if (unit == RepeatUnit::sentences) sentences_.emplace(language);
}

std::vector<TextUnit> UnitSplitter::units(std::string_view text) {
  if (unit_ == RepeatUnit::lines) return lines_of(text);
  return sentences_ ? sentences_of(text, *sentences_) : paragraphs_of(text);
}

std::string without_units(std::string_view text, const std::vector<TextUnit>& units,
                          const std::vector<bool>& kept) {
  std::string out;
  std::string_view gap;  // white space at the end of out
  for (std::size_t i = 0; i < units.size(); ++i) {
    const std::string_view behind = text.substr(units[i].end, units[i].after - units[i].end);
    const bool parts_lines = behind.find('\n') != std::string_view::npos;
    if (kept[i]) {
      out.append(text, units[i].begin, units[i].after - units[i].begin);
      gap = behind;
    } else if (!out.empty() && parts_lines && gap.find('\n') == std::string_view::npos) {
      out.replace(out.size() - gap.size(), gap.size(), behind);
      gap = behind;
    }
  }
  if (kept.empty() || kept.back()) return out;
  out.resize(out.size() - gap.size());
  while (out.ends_with('\n') || out.ends_with('\r')) out.pop_back();
  return out;
}

}  // namespace gpt::dedup
