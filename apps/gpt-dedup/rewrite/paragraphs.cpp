#include "apps/gpt-dedup/rewrite/paragraphs.hpp"

#include <algorithm>
#include <utility>

#include "libcommon/text/utf8.hpp"

namespace gpt::dedup {
namespace {

constexpr std::size_t kFilterBits = std::size_t{1} << 29U;
constexpr std::string_view kBlanks = " \t\r\v\f";

bool is_blank(std::string_view line) { return line.find_first_not_of(kBlanks) == std::string_view::npos; }

// The lines of a text; of a text that ends in '\n' none comes after that.
std::vector<TextUnit> split_lines(std::string_view text) {
  std::vector<TextUnit> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::size_t after = std::min(end + 1, text.size());
    lines.push_back({begin, end, after});
    begin = after;
  }
  return lines;
}

}  // namespace

std::vector<TextUnit> split_units(std::string_view text, RepeatUnit unit) {
  std::vector<TextUnit> lines = split_lines(text);
  if (unit == RepeatUnit::lines) return lines;
  std::vector<TextUnit> paragraphs;
  bool after_blank = true;
  for (const TextUnit& line : lines) {
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

std::string without_units(std::string_view text, const std::vector<TextUnit>& units,
                          const std::vector<bool>& kept) {
  std::string out;
  for (std::size_t i = 0; i < units.size(); ++i)
    if (kept[i]) out.append(text, units[i].begin, units[i].after - units[i].begin);
  if (!kept.empty() && !kept.back())
    while (!out.empty() && (out.back() == '\n' || out.back() == '\r')) out.pop_back();
  return out;
}

UnitHasher::HashedUnits UnitHasher::hashed(std::string_view text) {
  HashedUnits out;
  out.units = split_units(text, unit_);
  for (const TextUnit& unit : out.units) {
    std::string_view said = text.substr(unit.begin, unit.end - unit.begin);
    const std::size_t first = said.find_first_not_of(kBlanks);
    said = first == std::string_view::npos ? "" : said.substr(first);
    said = said.substr(0, said.find_last_not_of(kBlanks) + 1);
    const bool counts = said.size() >= least_characters_ && !said.empty() &&
                        text::count_code_points(said) >= least_characters_;
    // 0 is taken: one in 2^64 digests shares a value.
    out.hashes.push_back(counts ? std::max<std::uint64_t>(digester_.digest(said).low, 1) : 0);
  }
  return out;
}

RepeatedHashes::RepeatedHashes() : seen_(kFilterBits / 64), slots_(1024) {}

void RepeatedHashes::note(std::uint64_t hash) {
  const std::uint64_t bit = hash & (kFilterBits - 1);
  std::uint64_t& word = seen_[bit / 64];
  const std::uint64_t mask = std::uint64_t{1} << (bit % 64);
  if ((word & mask) != 0)
    add(hash);
  else
    word |= mask;
}

std::size_t RepeatedHashes::slot_of(std::uint64_t hash) const {
  const std::size_t mask = slots_.size() - 1;
  // The upper bits: the lower ones chose the bit of the filter.
  std::size_t at = (hash >> 20U) & mask;
  while (slots_[at].hash != 0 && slots_[at].hash != hash) at = (at + 1) & mask;
  return at;
}

void RepeatedHashes::add(std::uint64_t hash) {
  const std::size_t at = slot_of(hash);
  if (slots_[at].hash == hash) return;
  slots_[at].hash = hash;
  if (2 * ++filled_ <= slots_.size()) return;
  std::vector<Slot> old(2 * slots_.size());
  std::swap(old, slots_);
  for (const Slot& slot : old)
    if (slot.hash != 0) slots_[slot_of(slot.hash)] = slot;
}

}  // namespace gpt::dedup
