#include "apps/gpt-clean/rules/phrase_finder.hpp"

#include <algorithm>

namespace gpt::clean {
namespace {

// Bytes that differ by the case bit alone are one: A and a, and the second bytes of Å and å.
unsigned char folded(unsigned char byte) {
  const bool is_upper = byte >= 'A' && byte <= 'Z';
  const bool may_end_upper = byte >= 0x80 && byte < 0xA0;
  return is_upper || may_end_upper ? static_cast<unsigned char>(byte + 0x20) : byte;
}

}  // namespace

PhraseFinder::PhraseFinder(const std::vector<std::string>& phrases) : phrases_(phrases) {
  std::erase(phrases_, std::string());
  number_bytes();
  steps_.assign(classes_, 0);
  ends_.assign(1, kNone);
  shorter_.assign(phrases_.size(), kNone);
  for (std::uint32_t i = 0; i < phrases_.size(); ++i) add(i);
  connect();
}

void PhraseFinder::number_bytes() {
  std::array<std::uint16_t, 256> class_of_folded{};
  for (const std::string& phrase : phrases_) {
    for (const char c : phrase) {
      std::uint16_t& number = class_of_folded[folded(static_cast<unsigned char>(c))];
      if (number == 0) number = static_cast<std::uint16_t>(classes_++);
    }
  }
  for (unsigned byte = 0; byte < 256; ++byte)
    class_of_byte_[byte] = class_of_folded[folded(static_cast<unsigned char>(byte))];
}

// Puts a phrase into the tree of all. 0 as a step means that there is none yet.
void PhraseFinder::add(std::uint32_t phrase) {
  std::uint32_t state = 0;
  for (const char c : phrases_[phrase]) {
    if (step(state, c) == 0) {
      const auto fresh = static_cast<std::uint32_t>(ends_.size());
      steps_.resize(steps_.size() + classes_, 0);
      ends_.push_back(kNone);
      step(state, c) = fresh;
    }
    state = step(state, c);
  }
  if (ends_[state] == kNone) ends_[state] = phrase;  // of equal phrases the first
}

// Level by level, gives every state the steps that its longest proper end has where it has none itself.
void PhraseFinder::connect() {
  std::vector<std::uint32_t> fallback(ends_.size(), 0);
  std::vector<std::uint32_t> level;
  for (std::uint32_t c = 0; c < classes_; ++c) {
    if (steps_[c] != 0) level.push_back(steps_[c]);
  }
  for (std::size_t i = 0; i < level.size(); ++i) {
    const std::uint32_t state = level[i];
    const std::uint32_t end = fallback[state];
    if (ends_[state] == kNone) {
      ends_[state] = ends_[end];
    } else {
      shorter_[ends_[state]] = ends_[end];
    }
    for (std::uint32_t c = 0; c < classes_; ++c) {
      std::uint32_t& next = steps_[state * classes_ + c];
      const std::uint32_t from_end = steps_[end * classes_ + c];
      if (next == 0) {
        next = from_end;
      } else {
        fallback[next] = from_end;
        level.push_back(next);
      }
    }
  }
}

}  // namespace gpt::clean
