#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gpt::tokenizer {

// Whether capitals become small letters and accents go (NFD without its nonspacing marks), as in BERT's
// uncased models, or all stays as it is.
enum class LetterCase { lowered, kept };

// Cuts texts into words as BERT's basic tokenizer does: control characters and U+FFFD go; white space parts
// words; every punctuation mark (ASCII's signs, and general category P) and every Chinese character is a word
// of its own. Unicode by ICU's tables. One a thread.
class WordPieceText {
 public:
  explicit WordPieceText(LetterCase letter_case);

  // Calls visit(word) for each; the view holds until it returns. Bytes that are no UTF-8 are passed over.
  template <class Visit>
  void for_each_word(std::string_view text, Visit visit);

 private:
  enum class Kind : std::uint8_t { word, space, punctuation, dropped, beyond_ascii };

  // What a character becomes: nothing, or characters that are part of a word, or stand alone.
  struct Part {
    Kind kind;
    std::uint8_t length;
    char bytes[4];
  };

  static std::vector<Kind> ascii_kinds();
  // The parts of the character at text[at], whose length in bytes is returned.
  std::size_t decompose(std::string_view text, std::size_t at);
  void add_part(char32_t point);
  void add_space();

  LetterCase letter_case_;
  std::vector<Kind> kinds_;  // of the 256 bytes
  std::vector<char> lowered_;
  std::vector<Part> parts_;  // of the character in hand
  std::string word_;
};

template <class Visit>
void WordPieceText::for_each_word(std::string_view text, Visit visit) {
  word_.clear();
  const auto end_word = [&] {
    if (word_.empty()) return;
    visit(std::string_view(word_));
    word_.clear();
  };
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = static_cast<unsigned char>(text[at]);
    switch (kinds_[byte]) {
      case Kind::word:
        word_.push_back(lowered_[byte]);
        ++at;
        continue;
      case Kind::space:
        end_word();
        ++at;
        continue;
      case Kind::punctuation:
        end_word();
        visit(text.substr(at, 1));
        ++at;
        continue;
      case Kind::dropped:
        ++at;
        continue;
      case Kind::beyond_ascii:
        break;
    }
    at += decompose(text, at);
    for (const Part& part : parts_) {
      const std::string_view bytes(part.bytes, part.length);
      if (part.kind == Kind::word) {
        word_.append(bytes);
      } else {
        end_word();
        if (part.kind == Kind::punctuation) visit(bytes);
      }
    }
  }
  end_word();
}

}  // namespace gpt::tokenizer
