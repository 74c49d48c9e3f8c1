#include "libcommon/text/language.hpp"

#include <stdexcept>

#ifdef GPT_HAVE_CLD2
#include <cld2/public/compact_lang_det.h>
#include <cld2/public/encodings.h>
#endif

#include "libcommon/text/scandinavian.hpp"
#include "libcommon/text/utf8.hpp"

namespace gpt::text {
namespace {

// The front of a piece up to its last space, so that no word is cut; all of it where it has none.
std::string_view up_to_last_space(std::string_view piece) {
  const std::size_t space = piece.find_last_of(" \n");
  return space == std::string_view::npos ? piece : piece.substr(0, space);
}

std::string_view from_first_space(std::string_view text, std::size_t at, std::size_t max_bytes) {
  while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0u) == 0x80) ++at;
  const std::string_view piece = utf8_front(text.substr(at), max_bytes);
  const std::size_t space = piece.find_first_of(" \n");
  return space == std::string_view::npos ? piece : piece.substr(space + 1);
}

[[maybe_unused]] bool is_scandinavian(std::string_view code) {
  return code == "sv" || code == "da" || code == "no";
}

bool is_norwegian(std::string_view code) { return code == "no" || code == "nb" || code == "nn"; }

}  // namespace

std::string sample_of(std::string_view text, std::size_t max_bytes) {
  if (text.size() <= max_bytes) return std::string(text);
  const std::size_t third = max_bytes / 3;
  std::string sample(up_to_last_space(utf8_front(text, third)));
  sample += '\n';
  sample += up_to_last_space(from_first_space(text, text.size() / 2 - third / 2, third));
  sample += '\n';
  sample += from_first_space(text, text.size() - third, third);
  return std::string(utf8_front(sample, max_bytes));
}

bool language_matches(std::string_view identified, std::string_view wanted) {
  return identified == wanted ||
         (is_norwegian(identified) && is_norwegian(wanted) && (identified == "no" || wanted == "no"));
}

#ifdef GPT_HAVE_CLD2

bool LanguageIdentifier::available() { return true; }

LanguageIdentifier::LanguageIdentifier() = default;

IdentifiedLanguage LanguageIdentifier::identify(std::string_view text, std::size_t max_bytes) const {
  std::string sample;
  if (text.size() > max_bytes) {
    sample = sample_of(text, max_bytes);
    text = sample;
  }
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
  if (languages[0] == CLD2::UNKNOWN_LANGUAGE) return {"und", 0.0};
  const double share = percents[0] / 100.0;
  std::string code = CLD2::LanguageCode(languages[0]);
  if (is_scandinavian(code)) code = correct_scandinavian(code, text);
  return {code, is_reliable ? share : share / 2};
}

#else

bool LanguageIdentifier::available() { return false; }

LanguageIdentifier::LanguageIdentifier() {
  throw std::runtime_error(
      "languages cannot be told apart: this build has no CLD2; install libcld2-dev and configure again with "
      "-DGPT_WITH_CLD2=ON");
}

IdentifiedLanguage LanguageIdentifier::identify(std::string_view, std::size_t) const { return {"und", 0.0}; }

#endif

}  // namespace gpt::text
