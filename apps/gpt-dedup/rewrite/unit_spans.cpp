#include "apps/gpt-dedup/rewrite/unit_spans.hpp"

#include <algorithm>

#include "libcommon/text/utf8.hpp"

namespace gpt::dedup {
namespace {

constexpr std::string_view kBlanks = " \t\r\v\f";

std::string_view trimmed(std::string_view said) {
  const std::size_t first = said.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return said.substr(first, said.find_last_not_of(kBlanks) + 1 - first);
}

// Tells in which order the hashes came.
std::uint64_t extended(std::uint64_t hash, std::uint64_t next) {
  hash *= 0x9FB21C651E98DF25;
  return (hash ^ (hash >> 32U)) ^ next;
}

}  // namespace

SpanHasher::SpanHasher(const UnitOptions& options)
    : span_(options.span),
      least_characters_(options.least_characters),
      splitter_(options.unit, options.language) {}

void SpanHasher::listen(std::string_view text, const std::vector<TextUnit>& units) {
  said_.clear();
  for (std::size_t i = 0; i < units.size(); ++i) {
    const std::string_view said = trimmed(text.substr(units[i].begin, units[i].end - units[i].begin));
    if (said.empty()) continue;
    const std::size_t characters = text::count_code_points(said);
    const bool is_needed = span_ > 1 || characters >= least_characters_;
    said_.push_back({i, characters, is_needed ? digester_.digest(said).low : 0});
  }
}

UnitSpans SpanHasher::spans(std::string_view text) {
  UnitSpans out;
  out.units = splitter_.units(text);
  listen(text, out.units);
  std::size_t characters = 0;  // of the last span_ units that say something
  for (std::size_t end = 0; end < said_.size(); ++end) {
    characters += said_[end].characters;
    if (end + 1 < span_) continue;
    const std::size_t first = end + 1 - span_;
    if (characters >= least_characters_) {
      std::uint64_t hash = said_[first].hash;
      for (std::size_t i = first + 1; i <= end; ++i) hash = extended(hash, said_[i].hash);
      // 0 is taken: one in 2^64 digests shares a value.
      out.spans.push_back({said_[first].unit, said_[end].unit + 1, std::max<std::uint64_t>(hash, 1)});
    }
    characters -= said_[first].characters;
  }
  return out;
}

}  // namespace gpt::dedup
