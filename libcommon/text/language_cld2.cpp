#include "libcommon/text/language_cld2.hpp"

#ifdef GPT_HAVE_CLD2
#include <cld2/public/compact_lang_det.h>
#include <cld2/public/encodings.h>
#endif

namespace gpt::text {

#ifdef GPT_HAVE_CLD2

std::optional<IdentifiedLanguage> identify_by_cld2(std::string_view text) {
  const CLD2::CLDHints no_hints = {nullptr, nullptr, CLD2::UNKNOWN_ENCODING, CLD2::UNKNOWN_LANGUAGE};
  CLD2::Language languages[3];
  int percents[3];
  double scores[3];
  int text_bytes = 0;
  bool is_reliable = false;
  // Of the several overloads this one alone says UNKNOWN_LANGUAGE instead of guessing English.
  CLD2::ExtDetectLanguageSummary(text.data(), static_cast<int>(text.size()), /*is_plain_text=*/true,
                                 &no_hints, CLD2::kCLDFlagBestEffort, languages, percents, scores,
                                 /*resultchunkvector=*/nullptr, &text_bytes, &is_reliable);
  if (languages[0] == CLD2::UNKNOWN_LANGUAGE) return std::nullopt;
  const double share = percents[0] / 100.0;
  return IdentifiedLanguage{CLD2::LanguageCode(languages[0]), is_reliable ? share : share / 2};
}

bool is_code_of_cld2(std::string_view code) {
  for (int i = 0; i < CLD2::NUM_LANGUAGES; ++i) {
    const auto language = static_cast<CLD2::Language>(i);
    if (language != CLD2::UNKNOWN_LANGUAGE && language != CLD2::TG_UNKNOWN_LANGUAGE &&
        code == CLD2::LanguageCode(language)) {
      return true;
    }
  }
  return false;
}

#else

std::optional<IdentifiedLanguage> identify_by_cld2(std::string_view) { return std::nullopt; }
bool is_code_of_cld2(std::string_view) { return false; }

#endif

}  // namespace gpt::text
