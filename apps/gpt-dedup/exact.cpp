#include "apps/gpt-dedup/exact.hpp"

#include <array>
#include <utility>

#include <unicode/uchar.h>
#include <xxhash.h>

#include "libcommon/text/utf8.hpp"
#include "libcommon/text/whitespace.hpp"

namespace gpt::dedup {
namespace {

// What each ASCII character folds to; ' ' for those that separate words.
const std::array<char, 128>& ascii_folds() {
  static const auto folds = [] {
    std::array<char, 128> table{};
    for (char32_t point = 0; point < 128; ++point) {
      const bool upper = point >= 'A' && point <= 'Z';
      const bool separates = text::is_space(point) || text::is_line_end(point);
      table[point] = static_cast<char>(separates ? U' ' : upper ? point + ('a' - 'A') : point);
    }
    return table;
  }();
  return folds;
}

}  // namespace

std::string_view TextDigester::fold(std::string_view text) {
  const auto& ascii = ascii_folds();
  folded_.clear();
  folded_.reserve(text.size());
  // A separator is written once something is before it, and taken back where nothing follows it.
  const auto separate = [&] {
    if (!folded_.empty() && folded_.back() != ' ') folded_.push_back(' ');
  };
  text::for_each_code_point(text, [&](char32_t point, std::size_t, std::size_t) {
    if (point < 0x80) {
      const char folded = ascii[point];
      if (folded == ' ')
        separate();
      else
        folded_.push_back(folded);
    } else if (text::is_space(point) || text::is_line_end(point)) {
      separate();
    } else {
      const UChar32 folded = u_foldCase(static_cast<UChar32>(point), U_FOLD_CASE_DEFAULT);
      text::append_utf8(folded_, static_cast<char32_t>(folded));
    }
  });
  if (folded_.ends_with(' ')) folded_.pop_back();
  return folded_;
}

Digest TextDigester::digest(std::string_view text) {
  const std::string_view folded = fold(text);
  const XXH128_hash_t hash = XXH3_128bits(folded.data(), folded.size());
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
