#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace gpt::text {

// One or more sentence-ending marks in a row, and what stands around them.
struct Stop {
  enum class Kind { period, ellipsis, strong, colon, emoticon };
  Kind kind = Kind::period;
  std::size_t begin = 0;        // of the first mark
  std::size_t end = 0;          // behind the marks and the closing quotation marks and brackets
  bool quoted = false;          // at least one of these was there
  std::string_view word;        // before the marks, without opening marks
  std::string_view next_word;   // letters and digits after the white space and opening marks
  char32_t next = 0;            // first code point of next_word or what stands in its place; 0 at the end
  bool next_opened = false;     // opening marks stand before it
  bool next_quoted = false;     // a quotation mark is among them
  bool next_shortened = false;  // a dot follows next_word: "A. I. Rabin"
};

// Looks at the places of a text (valid UTF-8) at which a sentence may end.
class StopFinder {
 public:
  explicit StopFinder(std::string_view text) : text_(text) {}

  // Words are not looked for before the place where the current sentence begins.
  void begin_sentence(std::size_t at) { sentence_begin_ = at; }
  std::size_t sentence_begin() const { return sentence_begin_; }

  // The stop whose marks begin here; empty where a word goes on directly behind them ("3.5", "t.ex").
  std::optional<Stop> stop_at(std::size_t at) const;
  // Behind the sentence-ending marks that stand in a row from here.
  std::size_t marks_end(std::size_t at) const;
  // Bytes of ":)", ";-D" and their kin at a place, where white space follows; 0 if there is none.
  std::size_t emoticon_length(std::size_t at) const;
  // What stands between the last white space and `end`, without opening marks.
  std::string_view word_before(std::size_t end) const;

 private:
  std::size_t mark_length(std::size_t at) const;
  bool blank_at(std::size_t at) const;
  void take_marks(Stop& stop) const;
  void take_emoticon(Stop& stop) const;
  void take_closing_marks(Stop& stop) const;
  void look_ahead(Stop& stop) const;

  std::string_view text_;
  std::size_t sentence_begin_ = 0;
};

}  // namespace gpt::text
