#include "apps/gpt-clean/statistics_table.hpp"

#include <algorithm>
#include <cstdio>
#include <utility>

namespace gpt::clean {
namespace {

constexpr std::size_t kShownShares = 10;

std::string cell(const std::string& text, std::size_t width) {
  return text.size() < width ? std::string(width - text.size(), ' ') + text : text;
}

std::string one_decimal(double value) {
  char text[64];
  std::snprintf(text, sizeof text, "%.1f", value);
  return text;
}

std::string line_of(const std::string& name, const Distribution& sizes) {
  std::string line = name + std::string(name.size() < 24 ? 24 - name.size() : 0, ' ');
  line += cell(sizes.count() == 0 ? "-" : one_decimal(sizes.mean()), 12);
  for (const double share : {0.1, 0.5, 0.9}) line += cell(std::to_string(sizes.at_most(share)), 12);
  return line + cell(std::to_string(sizes.greatest()), 12);
}

// The shares with the most characters first.
void append_shares(std::vector<std::string>& lines, const std::string& title, const Shares& shares) {
  if (shares.empty()) return;
  std::vector<std::pair<std::string, Share>> ordered(shares.begin(), shares.end());
  std::stable_sort(ordered.begin(), ordered.end(),
                   [](const auto& a, const auto& b) { return a.second.characters > b.second.characters; });
  std::uint64_t all = 0;
  for (const auto& [name, share] : ordered) all += share.characters;
  lines.push_back(title + std::string(title.size() < 24 ? 24 - title.size() : 0, ' ') +
                  cell("documents", 12) + cell("characters", 14) + cell("%", 8));
  for (std::size_t i = 0; i < std::min(ordered.size(), kShownShares); ++i) {
    const auto& [name, share] = ordered[i];
    const double percent =
        all == 0 ? 0.0 : 100.0 * static_cast<double>(share.characters) / static_cast<double>(all);
    lines.push_back(name + std::string(name.size() < 24 ? 24 - name.size() : 0, ' ') +
                    cell(std::to_string(share.documents), 12) + cell(std::to_string(share.characters), 14) +
                    cell(one_decimal(percent), 8));
  }
  if (ordered.size() > kShownShares)
    lines.push_back("and " + std::to_string(ordered.size() - kShownShares) + " more");
}

}  // namespace

std::vector<std::string> table_of(const Statistics& statistics) {
  std::vector<std::string> lines = {
      std::to_string(statistics.documents()) + " documents, " + std::to_string(statistics.bytes) +
          " bytes, " + std::to_string(statistics.characters_per_document.sum()) + " characters, " +
          std::to_string(statistics.words_per_document.sum()) + " words, " +
          std::to_string(statistics.sentences_per_document.sum()) + " sentences",
      std::string(24, ' ') + cell("mean", 12) + cell("10 % up to", 12) + cell("50 % up to", 12) +
          cell("90 % up to", 12) + cell("greatest", 12),
      line_of("characters per document", statistics.characters_per_document),
      line_of("words per document", statistics.words_per_document),
      line_of("sentences per document", statistics.sentences_per_document),
      line_of("characters per sentence", statistics.characters_per_sentence),
      line_of("words per sentence", statistics.words_per_sentence)};
  if (statistics.tokens_per_document.count() > 0) {
    lines.push_back(line_of("tokens per document", statistics.tokens_per_document));
    lines.push_back(line_of("tokens per sentence", statistics.tokens_per_sentence));
  }
  append_shares(lines, "language", statistics.languages);
  append_shares(lines, "source", statistics.sources);
  return lines;
}

}  // namespace gpt::clean
