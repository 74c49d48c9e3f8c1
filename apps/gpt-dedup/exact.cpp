#include "apps/gpt-dedup/exact.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include <unicode/uchar.h>
#include <xxhash.h>

#include "libcommon/text/utf8.hpp"
#include "libcommon/text/whitespace.hpp"

namespace gpt::dedup {
namespace {

constexpr std::uint64_t kOnes = 0x0101010101010101;
constexpr std::uint64_t kHighBits = 0x80 * kOnes;

// The high bit of each byte that is below `limit`. Bytes and limit: below 0x80.
constexpr std::uint64_t bytes_below(std::uint64_t bytes, std::uint64_t limit) {
  return ~(bytes + (0x80 - limit) * kOnes) & kHighBits;
}
constexpr std::uint64_t bytes_equal(std::uint64_t bytes, std::uint64_t value) {
  return bytes_below(bytes ^ (value * kOnes), 1);
}

// Eight characters at once, if they fold each for itself: ASCII, no control character but LF, and no two
// separators one after the other, the character before included. The usual case by far.
bool fold_eight(const char* from, bool after_separator, char* to) {
  std::uint64_t bytes = 0;
  std::memcpy(&bytes, from, 8);
  if ((bytes & kHighBits) != 0) return false;
  const std::uint64_t line_ends = bytes_equal(bytes, '\n');
  const std::uint64_t separators = bytes_equal(bytes, ' ') | line_ends;
  const std::uint64_t before = separators << 8U | (after_separator ? 0x80U : 0U);
  if (((bytes_below(bytes, ' ') & ~line_ends) | (separators & before)) != 0) return false;
  const std::uint64_t capitals = bytes_below(bytes, 'Z' + 1) & ~bytes_below(bytes, 'A');
  bytes |= capitals >> 2U;  // 0x20 makes them small
  bytes ^= (line_ends >> 7U) * std::uint64_t{'\n' ^ ' '};
  std::memcpy(to, &bytes, 8);
  return true;
}

// The code point at a place of a valid text.
text::DecodedPoint decoded_at(std::string_view text, std::size_t at) {
  const auto first = static_cast<unsigned char>(text[at]);
  if (first < 0x80) return {first, 1, true};
  if (first >= 0xE0) return text::decode_utf8(text.substr(at));
  const auto second = static_cast<unsigned char>(text[at + 1]);
  return {static_cast<char32_t>((first & 0x1FU) << 6U | (second & 0x3FU)), 2, true};
}

// What a code point folds to; ' ' for those that separate words.
char32_t folded_point(char32_t point) {
  if (text::is_space(point) || text::is_line_end(point)) return U' ';
  return static_cast<char32_t>(u_foldCase(static_cast<UChar32>(point), U_FOLD_CASE_DEFAULT));
}

// The same looked up, for the code points that take one or two bytes.
char32_t folded_short_point(char32_t point) {
  static const auto folds = [] {
    std::array<char32_t, 0x800> table{};
    for (char32_t each = 0; each < table.size(); ++each) table[each] = folded_point(each);
    return table;
  }();
  return folds[point];
}

// Writes a code point and returns where the next one goes.
char* put_point(char* to, char32_t point) {
  if (point < 0x80) {
    *to = static_cast<char>(point);
    return to + 1;
  }
  if (point < 0x800) {
    to[0] = static_cast<char>(0xC0U | point >> 6U);
    to[1] = static_cast<char>(0x80U | (point & 0x3FU));
    return to + 2;
  }
  std::string bytes;
  text::append_utf8(bytes, point);
  return std::copy(bytes.begin(), bytes.end(), to);
}

}  // namespace

// Folding a code point of one or two bytes gives at most three (U+0130 and the like), of more at most four.
std::string_view TextDigester::fold(std::string_view text) {
  if (folded_.size() < 2 * text.size() + 8) folded_.resize(2 * text.size() + 8);
  char* const begin = folded_.data();
  char* to = begin;
  bool after_separator = true;  // as at the beginning, where none is written
  for (std::size_t at = 0; at < text.size();) {
    if (text.size() - at >= 8 && fold_eight(text.data() + at, after_separator, to)) {
      at += 8;
      to += 8;
      after_separator = to[-1] == ' ';
      continue;
    }
    // To the end of these eight, or of the character that reaches over it.
    for (const std::size_t end = std::min(at + 8, text.size()); at < end;) {
      const text::DecodedPoint decoded = decoded_at(text, at);
      at += decoded.length;
      const char32_t folded =
          decoded.point < 0x800 ? folded_short_point(decoded.point) : folded_point(decoded.point);
      if (folded != U' ' || !after_separator) to = put_point(to, folded);
      after_separator = folded == U' ';
    }
  }
  if (to != begin && to[-1] == ' ') --to;
  return {begin, static_cast<std::size_t>(to - begin)};
}

Digest TextDigester::digest(std::string_view text) { return digest_bytes(fold(text)); }

Digest digest_bytes(std::string_view bytes) {
  const XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
  return {hash.low64, hash.high64};
}

FirstSeen::FirstSeen() : slots_(1024) {}

std::size_t FirstSeen::slot_of(const Digest& digest) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = digest.low & mask;
  while (slots_[at].document != kEmpty && !(slots_[at].digest == digest)) at = (at + 1) & mask;
  return at;
}

std::optional<std::uint32_t> FirstSeen::find_or_add(const Digest& digest, std::uint32_t document) {
  const std::size_t at = slot_of(digest);
  if (slots_[at].document != kEmpty) return slots_[at].document;
  slots_[at] = {digest, document};
  if (2 * ++filled_ > slots_.size()) grow();
  return std::nullopt;
}

void FirstSeen::grow() {
  std::vector<Slot> old(2 * slots_.size());
  std::swap(old, slots_);
  for (const Slot& slot : old)
    if (slot.document != kEmpty) slots_[slot_of(slot.digest)] = slot;
}

}  // namespace gpt::dedup
