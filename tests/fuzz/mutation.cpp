#include "tests/fuzz/mutation.hpp"

#include <algorithm>

namespace gpt::fuzz {

Mutator::Mutator(std::uint64_t seed, std::vector<std::string> samples, std::vector<std::string> words)
    : random_(seed), samples_(std::move(samples)), words_(std::move(words)) {}

std::size_t Mutator::below(std::size_t bound) { return bound == 0 ? 0 : random_() % bound; }

std::string Mutator::next() {
  std::string bytes = samples_[below(samples_.size())];
  for (std::size_t changes = 1 + below(8); changes > 0; --changes) change(bytes);
  return bytes;
}

void Mutator::change(std::string& bytes) {
  const std::size_t at = below(bytes.size() + 1);
  const std::size_t length = below(std::min<std::size_t>(bytes.size() - at, 32) + 1);
  switch (below(9)) {
    case 0:
      if (at < bytes.size()) bytes[at] = static_cast<char>(bytes[at] ^ (1 << below(8)));
      break;
    case 1:
      if (at < bytes.size()) bytes[at] = static_cast<char>(below(256));
      break;
    case 2:
      bytes.erase(at, length);
      break;
    case 3:
      bytes.insert(at, bytes.substr(at, length));
      break;
    case 4:
      bytes.resize(at);
      break;
    case 5:
      bytes.insert(at, words_[below(words_.size())]);
      break;
    case 6: {
      const std::string piece = bytes.substr(at, length);
      bytes.erase(at, length);
      bytes.insert(below(bytes.size() + 1), piece);
      break;
    }
    case 7: {
      const std::string& other = samples_[below(samples_.size())];
      bytes = bytes.substr(0, at) + other.substr(below(other.size() + 1));
      break;
    }
    default:
      for (std::size_t i = at; i < at + length; ++i) bytes[i] = static_cast<char>(below(256));
  }
}

}  // namespace gpt::fuzz
