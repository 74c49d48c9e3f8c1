#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gpt::dedup {

// 128 bits that stand for a text.
struct Digest {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  auto operator<=>(const Digest&) const = default;
};

Digest digest_bytes(std::string_view bytes);

// Digests of texts in a form in which case and white space do not count: every run of spaces and line ends
// is one space, none at the ends, and letters are folded (Unicode simple case folding).
class TextDigester {
 public:
  Digest digest(std::string_view text);  // valid UTF-8
  // The folded form; valid until the next call.
  std::string_view fold(std::string_view text);

 private:
  std::string folded_;
};

// Remembers the first document of each digest. Memory: 24 bytes a slot, at most half of the slots filled.
class FirstSeen {
 public:
  FirstSeen();
  // The document that came first with this digest, if there was one; otherwise remembers this one.
  std::optional<std::uint32_t> find_or_add(const Digest& digest, std::uint32_t document);

  // Calls visit(digest, document) for each of them, in no order.
  template <class Visit>
  void for_each(Visit visit) const {
    for (const Slot& slot : slots_)
      if (slot.document != kEmpty) visit(slot.digest, slot.document);
  }

 private:
  struct Slot {
    Digest digest;
    std::uint32_t document = kEmpty;
  };
  static constexpr std::uint32_t kEmpty = 0xFFFFFFFF;
  std::size_t slot_of(const Digest& digest) const;
  void grow();

  std::vector<Slot> slots_;
  std::size_t filled_ = 0;
};

}  // namespace gpt::dedup
