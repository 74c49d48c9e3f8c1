#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace gpt::text {

class LanguageModel;

struct IdentifiedLanguage {
  std::string code;         // ISO 639: "sv"; "und" where nothing could be told
  double confidence = 0.0;  // how sure it is, 0..1
};

// Which language a text is in. A small model of our own tells apart sv da nb nn is fo fi se, and de en nl fr
// es it pt pl et; what it takes for another language is judged by CLD2, where the toolkit was built with it
// (GPT_WITH_CLD2), else it is "und". For the model's languages the confidence is their probability, for
// others the share of the text that CLD2 takes to be in them, halved where that is a guess.
class LanguageIdentifier {
 public:
  // Whether the model is installed.
  static bool available();
  // Throws std::runtime_error where the model is missing or damaged.
  LanguageIdentifier();

  // Whether any text can be identified as in the language: one of the model's, or of those CLD2 has a code
  // for.
  bool can_name(std::string_view code) const;
  // The model's languages, the others being CLD2's.
  std::string own_codes() const;

  // text: valid UTF-8 without markup. Judges at most max_bytes of it: a sample of three pieces, from its
  // beginning, middle and end.
  IdentifiedLanguage identify(std::string_view text, std::size_t max_bytes = std::size_t{1} << 10) const;

 private:
  bool knows(std::string_view code) const;

  const LanguageModel& model_;
};

// Up to max_bytes of a text as pieces from its beginning, middle and end, cut between words where possible.
std::string sample_of(std::string_view text, std::size_t max_bytes);

// Whether a text identified as `identified` passes a filter for `wanted`: "no" stands for both nb and nn.
bool language_matches(std::string_view identified, std::string_view wanted);

}  // namespace gpt::text
