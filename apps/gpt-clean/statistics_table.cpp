#include "apps/gpt-clean/statistics_table.hpp"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "apps/gpt-clean/aligned.hpp"

namespace gpt::clean {
namespace {

constexpr std::size_t kShownShares = 10;
constexpr std::size_t kNameWidth = 24;

std::string one_decimal(double value) {
  char text[64];
  std::snprintf(text, sizeof text, "%.1f", value);
  return text;
}

std::string mean_of(const Distribution& sizes) {
  return sizes.count() == 0 ? "-" : one_decimal(sizes.mean());
}

std::string line_of(const std::string& name, const Distribution& sizes) {
  std::string line = left_aligned(name, kNameWidth) + right_aligned(mean_of(sizes), 12);
  for (const double share : {0.1, 0.5, 0.9}) line += right_aligned(std::to_string(sizes.at_most(share)), 12);
  return line + right_aligned(std::to_string(sizes.greatest()), 12);
}

std::string percent_of(std::uint64_t part, std::uint64_t all) {
  return one_decimal(all == 0 ? 0.0 : 100.0 * static_cast<double>(part) / static_cast<double>(all));
}

std::uint64_t characters_of(const Share& share) { return share.characters; }
std::uint64_t characters_of(const Figures& figures) { return figures.characters(); }

// Named things, those with the most characters first.
template <class Map>
std::vector<std::pair<std::string, const typename Map::mapped_type*>> by_characters(const Map& things) {
  std::vector<std::pair<std::string, const typename Map::mapped_type*>> ordered;
  for (const auto& [name, thing] : things) ordered.emplace_back(name, &thing);
  std::stable_sort(ordered.begin(), ordered.end(), [](const auto& a, const auto& b) {
    return characters_of(*a.second) > characters_of(*b.second);
  });
  return ordered;
}

void append_rest(std::vector<std::string>& lines, std::size_t all) {
  if (all > kShownShares) lines.push_back("and " + std::to_string(all - kShownShares) + " more");
}

void append_languages(std::vector<std::string>& lines, const Figures& all) {
  if (all.languages.empty()) return;
  lines.push_back(left_aligned("language", kNameWidth) + right_aligned("documents", 12) +
                  right_aligned("characters", 14) + right_aligned("%", 8));
  const auto ordered = by_characters(all.languages);
  for (std::size_t i = 0; i < std::min(ordered.size(), kShownShares); ++i) {
    const auto& [name, share] = ordered[i];
    lines.push_back(left_aligned(name, kNameWidth) + right_aligned(std::to_string(share->documents), 12) +
                    right_aligned(std::to_string(share->characters), 14) +
                    right_aligned(percent_of(share->characters, all.characters()), 8));
  }
  append_rest(lines, ordered.size());
}

// "sv 98.2": the language with the most characters, and its share of them.
std::string main_language_of(const Figures& figures) {
  if (figures.languages.empty()) return "";
  const auto ordered = by_characters(figures.languages);
  const auto& [name, share] = ordered.front();
  return "  " + name + " " + percent_of(share->characters, figures.characters());
}

std::string line_of_source(const std::string& name, const Figures& source, std::uint64_t characters) {
  return left_aligned(name, kNameWidth) + right_aligned(std::to_string(source.documents()), 12) +
         right_aligned(std::to_string(source.characters()), 14) +
         right_aligned(percent_of(source.characters(), characters), 8) +
         right_aligned(mean_of(source.characters_per_document), 14) +
         right_aligned(mean_of(source.sentences_per_document), 16) +
         right_aligned(mean_of(source.words_per_sentence), 16) + main_language_of(source);
}

void append_sources(std::vector<std::string>& lines, const Statistics& statistics) {
  const Sources& sources = statistics.sources;
  const bool has_others = sources.others().documents() > 0;
  if (sources.named().empty() && !has_others) return;
  lines.push_back(left_aligned("source", kNameWidth) + right_aligned("documents", 12) +
                  right_aligned("characters", 14) + right_aligned("%", 8) + right_aligned("chars/doc.", 14) +
                  right_aligned("sentences/doc.", 16) + right_aligned("words/sentence", 16) +
                  (statistics.languages.empty() ? "" : "  language, %"));
  const auto ordered = by_characters(sources.named());
  for (std::size_t i = 0; i < std::min(ordered.size(), kShownShares); ++i)
    lines.push_back(line_of_source(ordered[i].first, *ordered[i].second, statistics.characters()));
  append_rest(lines, ordered.size());
  if (has_others) lines.push_back(line_of_source("(others)", sources.others(), statistics.characters()));
}

}  // namespace

std::vector<std::string> table_of(const Statistics& statistics) {
  std::vector<std::string> lines = {
      std::to_string(statistics.documents()) + " documents, " + std::to_string(statistics.bytes) +
          " bytes, " + std::to_string(statistics.characters()) + " characters, " +
          std::to_string(statistics.words_per_document.sum()) + " words, " +
          std::to_string(statistics.sentences_per_document.sum()) + " sentences",
      std::string(kNameWidth, ' ') + right_aligned("mean", 12) + right_aligned("10 % up to", 12) +
          right_aligned("50 % up to", 12) + right_aligned("90 % up to", 12) + right_aligned("greatest", 12),
      line_of("characters per document", statistics.characters_per_document),
      line_of("words per document", statistics.words_per_document),
      line_of("sentences per document", statistics.sentences_per_document),
      line_of("characters per sentence", statistics.characters_per_sentence),
      line_of("words per sentence", statistics.words_per_sentence)};
  if (statistics.tokens_per_document.count() > 0) {
    lines.push_back(line_of("tokens per document", statistics.tokens_per_document));
    lines.push_back(line_of("tokens per sentence", statistics.tokens_per_sentence));
  }
  append_languages(lines, statistics);
  append_sources(lines, statistics);
  return lines;
}

}  // namespace gpt::clean
