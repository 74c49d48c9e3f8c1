#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>

#include "apps/gpt-clean/rules/code_pages.hpp"

namespace gpt::clean {

// Finds what was UTF-8 and has been read in a one-byte encoding, in one line after the other of a document,
// and puts it right. What it is sure of in one line makes it bolder in the next, and tells it which page to
// take where a line may have been misread in several.
class MisreadLines {
 public:
  // The line put right, or nothing where it is sound. Layers of damage are taken off one after the other.
  std::optional<std::u32string> repair(const std::u32string& line);

  // Whether some page has been found out often enough that doubtful places count.
  bool is_bold() const;

  // Whether lines after one whose page was a guess told more of the page: then to read the text anew is worth
  // it. Forgets that it was so.
  bool learned_after_a_guess();

 private:
  std::optional<std::u32string> repair_once(const std::u32string& line);
  std::array<std::size_t, kCodePages> sure_places_{};
  std::array<int, kCodePages> clear_lines_{};  // in which no other page is as likely
  int nordic_words_ = 0;                       // of the lines put right
  bool guessed_ = false;
  bool learned_ = false;
};

}  // namespace gpt::clean
