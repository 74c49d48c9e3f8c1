#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace gpt::clean {

// Finds any of several phrases in a text, in whatever case (by the simple case folding of Unicode), in one
// pass over its bytes whatever their number: the automaton of Aho and Corasick (1975).
class PhraseFinder {
 public:
  enum class Place { anywhere, as_word };  // as_word: where no letter or digit stands beside it

  PhraseFinder() : PhraseFinder(std::vector<std::string>{}) {}
  // Throws std::length_error where the phrases are too many for a table of a gigabyte.
  explicit PhraseFinder(const std::vector<std::string>& phrases, Place place = Place::anywhere);

  struct Found {
    std::uint64_t count = 0;
    std::size_t first = 0;  // the phrase that ends first, of those with the same end the longest
  };

  // How often phrases stand in a text, those within others too. Counting ends where there are more than
  // `most`. The time depends on the text's length alone, however many phrases end at the same place.
  Found count(std::string_view text, std::uint64_t most = std::numeric_limits<std::uint64_t>::max()) const {
    return place_ == Place::anywhere ? count_anywhere(text, most) : count_words(text, most);
  }
  bool occurs_in(std::string_view text) const { return count(text, 0).count > 0; }

  const std::string& phrase(std::size_t place) const { return phrases_[place]; }
  bool empty() const { return phrases_.empty(); }

 private:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};

  // What ends in a state.
  struct Ending {
    std::uint32_t longest = kNone;  // of the phrases
    std::uint32_t own = kNone;      // the phrase that is all of the state's text
    std::uint32_t counted = 0;      // how many count, whatever stands before the state's text
  };
  // Whose front the text of a state is, and of how many bytes.
  struct Origin {
    std::uint32_t phrase = 0;
    std::uint32_t length = 0;
  };
  class PointsBefore;

  void number_bytes();
  void add(std::uint32_t phrase, std::vector<Origin>& origins);
  std::vector<std::uint32_t> connect(std::vector<std::uint32_t>& fallback);
  void count_endings(const std::vector<std::uint32_t>& by_length, const std::vector<std::uint32_t>& fallback,
                     const std::vector<Origin>& origins);
  void link_rows();

  Found count_anywhere(std::string_view text, std::uint64_t most) const;
  Found count_words(std::string_view text, std::uint64_t most) const;
  // The code point at text[at] is passed: the step behind it, and where the next one begins.
  std::uint32_t pass_point(std::uint32_t step, std::string_view text, std::size_t& at) const;

  std::uint32_t& step_of(std::uint32_t state, char byte) {
    return steps_[state * classes_ + class_of_byte_[static_cast<unsigned char>(byte)]];
  }
  // A step is the row of the state it leads to, times two, and whether phrases end there.
  std::uint32_t after(std::uint32_t step, char byte) const {
    return steps_[(step >> 1) + class_of_byte_[static_cast<unsigned char>(byte)]];
  }
  static bool has_ending(std::uint32_t step) { return (step & 1) != 0; }
  const Ending& ending_of(std::uint32_t step) const { return endings_[(step >> 1) / classes_]; }

  Place place_ = Place::anywhere;
  std::vector<std::string> phrases_;
  std::vector<std::string> folded_;                 // the same, their case folded
  std::vector<std::uint32_t> points_;               // how many code points each has
  std::size_t longest_ = 0;                         // the most of these
  std::array<std::uint16_t, 256> class_of_byte_{};  // 0: stands in no phrase
  std::size_t classes_ = 1;
  std::vector<std::uint32_t> steps_;    // [state][class]
  std::vector<Ending> endings_;         // by state
  std::vector<std::uint32_t> shorter_;  // by phrase: the next shorter one that is its end, or kNone
};

}  // namespace gpt::clean
