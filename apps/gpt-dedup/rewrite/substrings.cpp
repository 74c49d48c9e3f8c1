#include "apps/gpt-dedup/rewrite/substrings.hpp"

#include <algorithm>
#include <stdexcept>

#include "apps/gpt-dedup/rewrite/suffix_array.hpp"

namespace gpt::dedup {
namespace {

constexpr char kEndOfText = '\xFF';

bool begins_a_point(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80; }

// The whole characters within a range.
ByteRange narrowed(std::string_view text, ByteRange range) {
  while (range.begin < range.end && !begins_a_point(text[range.begin])) ++range.begin;
  while (range.end > range.begin && range.end < text.size() && !begins_a_point(text[range.end])) --range.end;
  return range;
}

}  // namespace

void TextShard::add(std::string_view text) {
  if (bytes_.size() + text.size() >= kMostBytes)
    throw std::length_error("more than 2 GiB of text in a shard");
  begins_.push_back(bytes_.size());
  bytes_.append(text).push_back(kEndOfText);
}

std::string_view TextShard::text(std::size_t i) const {
  const std::size_t end = i + 1 < begins_.size() ? begins_[i + 1] : bytes_.size();
  return std::string_view(bytes_).substr(begins_[i], end - begins_[i] - 1);
}

void TextShard::clear() {
  bytes_.clear();
  begins_.clear();
}

// Flags the begins of runs that stand earlier, wherever a text ends.
std::vector<bool> TextShard::repeated_runs(std::size_t length) const {
  const std::vector<std::int32_t> array = suffix_array(bytes_);
  const std::vector<bool> shares = shares_prefix_with_former(bytes_, array, length);
  std::vector<bool> repeated(bytes_.size());
  for (std::size_t begin = 0; begin < array.size();) {
    std::size_t end = begin + 1;
    std::int32_t first = array[begin];
    for (; end < array.size() && shares[end]; ++end) first = std::min(first, array[end]);
    const std::size_t first_end = static_cast<std::size_t>(first) + length;
    for (std::size_t i = begin; i < end; ++i)
      if (static_cast<std::size_t>(array[i]) >= first_end)
        repeated[static_cast<std::size_t>(array[i])] = true;
    begin = end;
  }
  return repeated;
}

std::vector<std::vector<ByteRange>> TextShard::repeats(std::size_t length) const {
  const std::vector<bool> repeated = repeated_runs(length);
  std::vector<std::vector<ByteRange>> ranges(begins_.size());
  for (std::size_t i = 0; i < begins_.size(); ++i) {
    const std::string_view whole = text(i);
    ByteRange range;
    const auto close = [&] {
      const ByteRange characters = narrowed(whole, range);
      if (characters.begin < characters.end) ranges[i].push_back(characters);
    };
    // A run that reaches beyond its text's end is no run of it.
    for (std::size_t at = 0; at + length <= whole.size(); ++at) {
      if (!repeated[begins_[i] + at]) continue;
      if (at > range.end) {
        close();
        range.begin = at;
      }
      range.end = at + length;
    }
    close();
  }
  return ranges;
}

std::string without_ranges(std::string_view text, const std::vector<ByteRange>& ranges) {
  std::string out;
  std::size_t at = 0;
  for (const ByteRange& range : ranges) {
    out.append(text, at, range.begin - at);
    at = range.end;
  }
  return out.append(text.substr(at));
}

}  // namespace gpt::dedup
