#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gpt::dedup {

// A run of letters, digits and '_', with a hash of its case-folded form.
struct FoldedWord {
  std::size_t begin = 0;  // in bytes of the text
  std::size_t end = 0;
  std::uint64_t hash = 0;
};

// The words of texts as Python's \w+ finds them (letters, numbers and '_'; combining marks part words), case
// folded. One a thread.
class WordScanner {
 public:
  // Valid until the next call. text: valid UTF-8.
  std::span<const FoldedWord> words(std::string_view text);

 private:
  std::vector<FoldedWord> words_;
};

// The words of a text, case folded, one space between them.
std::string joined_words(std::string_view text, std::span<const FoldedWord> words);

}  // namespace gpt::dedup
