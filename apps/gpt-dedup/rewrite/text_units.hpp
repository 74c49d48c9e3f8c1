#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libcommon/text/sentences.hpp"

namespace gpt::dedup {

enum class RepeatUnit {
  lines,
  paragraphs,  // what blank lines part
  sentences,
};

// A line, paragraph or sentence of a text.
struct TextUnit {
  std::size_t begin = 0;
  std::size_t end = 0;  // of what it says
  std::size_t after =
      0;  // begin of the next one: line ends, blank lines and spaces go with the unit before them
};

// Cuts texts into units, in order; together they are all of a text. What is blank at its beginning is a unit
// that says nothing, or belongs to the first sentence. One a thread.
class UnitSplitter {
 public:
  // language: whose rules find the sentences, a code of libcommon/text; the same for all texts, so that what
  // is said alike is cut alike.
  UnitSplitter(RepeatUnit unit, const std::string& language);
  std::vector<TextUnit> units(std::string_view text);

 private:
  RepeatUnit unit_;
  std::optional<text::SentenceSplitter> sentences_;
};

// The text without the units that are not kept. Where units go the white space before them stays, unless only
// that behind them has a line end; at the end of the text none stays when the last one went.
std::string without_units(std::string_view text, const std::vector<TextUnit>& units,
                          const std::vector<bool>& kept);

}  // namespace gpt::dedup
