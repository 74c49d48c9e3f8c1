#include "apps/gpt-dedup/exact.hpp"

#include <utility>

#include <unicode/uchar.h>
#include <xxhash.h>

#include "libcommon/text/utf8.hpp"
#include "libcommon/text/whitespace.hpp"

namespace gpt::dedup {

std::string_view TextDigester::fold(std::string_view text) {
  folded_.clear();
  bool space_pending = false;
  text::for_each_code_point(text, [&](char32_t point, std::size_t, std::size_t) {
    if (text::is_space(point) || text::is_line_end(point)) {
      space_pending = !folded_.empty();
      return;
    }
    if (space_pending) folded_ += ' ';
    space_pending = false;
    if (point < 0x80) {
      const bool upper = point >= 'A' && point <= 'Z';
      folded_ += static_cast<char>(upper ? point + ('a' - 'A') : point);
    } else {
      text::append_utf8(folded_,
                        static_cast<char32_t>(u_foldCase(static_cast<UChar32>(point), U_FOLD_CASE_DEFAULT)));
    }
  });
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
