#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libcommon/text/prefix_list.hpp"

namespace gpt::text {

// Whether a line end is also the end of a sentence, or white space as any other.
enum class Newlines { end_sentences, are_spaces };

// How boundaries are found: by the rules and lists below (by ICU where a language has no list), by ICU alone,
// or at line ends alone.
enum class SentenceMode { rules, icu, newline };

// Whether the white space around sentences goes, or stays with the sentence before it.
enum class Surroundings { stripped, kept };

// The ISO 639 code of a language given by its English name, as programs on NLTK name it ("swedish"), or as
// such a code; empty for another word.
std::optional<std::string> language_code_of_name(std::string_view name);

// Cuts texts into sentences. For a language with a prefix list (share/prefixes) it judges each full stop,
// question mark, exclamation mark and ellipsis by what stands around it: abbreviations, initials, ordinals
// and list numbers do not end a sentence, and closing quotation marks and brackets stay with the sentence
// they close. For any other language ICU's boundaries are taken as they are. One splitter a thread.
class SentenceSplitter {
 public:
  // language: ISO 639 code, "sv". Looks for its installed prefix list; throws where that is damaged.
  explicit SentenceSplitter(const std::string& language, Newlines newlines = Newlines::end_sentences);
  // The same in another mode; SentenceMode::newline ends sentences at line ends and nowhere else.
  SentenceSplitter(SentenceMode mode, const std::string& language,
                   Newlines newlines = Newlines::end_sentences);
  // With a list of one's own, or none: then by ICU.
  SentenceSplitter(const std::string& language, Newlines newlines, std::optional<PrefixList> prefixes);
  ~SentenceSplitter();
  SentenceSplitter(SentenceSplitter&&) noexcept;

  // The sentences of a text, valid UTF-8, in order. Views into text.
  // Kept: the sentences joined are the text; of a text without a visible character there is none.
  std::vector<std::string_view> split(std::string_view text,
                                      Surroundings surroundings = Surroundings::stripped);

 private:
  class Body;
  std::unique_ptr<Body> body_;
};

}  // namespace gpt::text
