#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gpt::clean {

// Finds any of several phrases in a text, in whatever case (of the letters of ASCII and Latin-1), in one pass
// over its bytes whatever their number: the automaton of Aho and Corasick (1975).
class PhraseFinder {
 public:
  PhraseFinder() : PhraseFinder(std::vector<std::string>{}) {}
  explicit PhraseFinder(const std::vector<std::string>& phrases);

  struct Match {
    std::size_t begin = 0;
    std::size_t length = 0;
    std::size_t phrase = 0;  // its place among the phrases
  };

  // Calls visit(match) for every place where a phrase stands, in the order of their ends, of those with the
  // same end the longest first; visit returns whether to go on.
  template <class Visit>
  void find(std::string_view text, Visit visit) const {
    std::uint32_t state = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
      state = steps_[state * classes_ + class_of_byte_[static_cast<unsigned char>(text[at])]];
      for (std::uint32_t ending = ends_[state]; ending != kNone; ending = shorter_[ending]) {
        const std::size_t length = phrases_[ending].size();
        if (!visit(Match{at + 1 - length, length, ending})) return;
      }
    }
  }

  bool occurs_in(std::string_view text) const {
    bool found = false;
    find(text, [&](const Match&) {
      found = true;
      return false;
    });
    return found;
  }

  const std::string& phrase(std::size_t place) const { return phrases_[place]; }
  bool empty() const { return phrases_.empty(); }

 private:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};

  void number_bytes();
  void add(std::uint32_t phrase);
  void connect();
  std::uint32_t& step(std::uint32_t state, char byte) {
    return steps_[state * classes_ + class_of_byte_[static_cast<unsigned char>(byte)]];
  }

  std::vector<std::string> phrases_;
  std::array<std::uint16_t, 256> class_of_byte_{};  // 0: stands in no phrase
  std::uint32_t classes_ = 1;
  std::vector<std::uint32_t> steps_;    // [state][class]
  std::vector<std::uint32_t> ends_;     // by state: the longest phrase that ends there, or kNone
  std::vector<std::uint32_t> shorter_;  // by phrase: the next shorter one that is its end, or kNone
};

}  // namespace gpt::clean
