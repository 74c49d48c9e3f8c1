#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gpt::clean {

// Finds any of several phrases in a text, in whatever case (by the simple case folding of Unicode), in one
// pass over its bytes whatever their number: the automaton of Aho and Corasick (1975).
class PhraseFinder {
 public:
  PhraseFinder() : PhraseFinder(std::vector<std::string>{}) {}
  // Throws std::length_error where the phrases are too many for a table of a gigabyte.
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
    for (std::size_t at = 0; at < text.size();) {
      if (static_cast<unsigned char>(text[at]) < 0x80) {
        state = after(state, text[at++]);
      } else {
        const FoldedPoint point = folded_point(text.substr(at));
        for (std::size_t i = 0; i < point.length; ++i) state = after(state, point.bytes[i]);
        at += point.length_in_text;
      }
      for (std::uint32_t ending = ends_[state]; ending != kNone; ending = shorter_[ending]) {
        const std::size_t begin = begin_of(text, at, points_[ending]);
        if (!visit(Match{begin, at - begin, ending})) return;
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

  // A code point beyond ASCII, its case folded, in UTF-8.
  struct FoldedPoint {
    std::array<char, 4> bytes{};
    std::size_t length = 0;
    std::size_t length_in_text = 0;
  };

  static FoldedPoint folded_point(std::string_view text);
  static std::string folded(std::string_view text);
  // Where the last code points of the text's front of `end` bytes begin.
  static std::size_t begin_of(std::string_view text, std::size_t end, std::size_t points);
  void number_bytes();
  void add(std::uint32_t phrase);
  void connect();
  std::size_t place(std::uint32_t state, char byte) const {
    return state * classes_ + class_of_byte_[static_cast<unsigned char>(byte)];
  }
  std::uint32_t after(std::uint32_t state, char byte) const { return steps_[place(state, byte)]; }

  std::vector<std::string> phrases_;
  std::vector<std::string> folded_;                 // the same, their case folded
  std::vector<std::size_t> points_;                 // how many code points each has
  std::array<std::uint16_t, 256> class_of_byte_{};  // 0: stands in no phrase
  std::size_t classes_ = 1;
  std::vector<std::uint32_t> steps_;    // [state][class]
  std::vector<std::uint32_t> ends_;     // by state: the longest phrase that ends there, or kNone
  std::vector<std::uint32_t> shorter_;  // by phrase: the next shorter one that is its end, or kNone
};

}  // namespace gpt::clean
