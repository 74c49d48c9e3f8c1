#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace gpt::text {

struct IdentifiedLanguage {
  std::string code;         // ISO 639: "sv"; "und" where nothing could be told
  double confidence = 0.0;  // the share of the text judged to be in it, 0..1; halved where it is a guess
};

// Which language a text is in, judged by CLD2. It tells Swedish, Danish and Norwegian apart but not Bokmål
// from Nynorsk: both come out as "no". Building without CLD2 is possible (GPT_WITH_CLD2=OFF).
class LanguageIdentifier {
 public:
  static bool available();
  // Throws std::runtime_error where the toolkit was built without CLD2.
  LanguageIdentifier();

  // text: valid UTF-8 without markup. Judges at most max_bytes of it: a sample of three pieces, from its
  // beginning, middle and end.
  IdentifiedLanguage identify(std::string_view text, std::size_t max_bytes = std::size_t{6} << 10) const;
};

// Up to max_bytes of a text as pieces from its beginning, middle and end, cut between words where possible.
std::string sample_of(std::string_view text, std::size_t max_bytes);

// Whether a text identified as `identified` passes a filter for `wanted`; "no" answers to nb and nn as well,
// since the identifier cannot tell them apart.
bool language_matches(std::string_view identified, std::string_view wanted);

}  // namespace gpt::text
