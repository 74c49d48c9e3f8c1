#include "libcommon/text/language.hpp"

#include <algorithm>

#include "libcommon/text/language_cld2.hpp"
#include "libcommon/text/language_model.hpp"
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

bool is_norwegian(std::string_view code) { return code == "no" || code == "nb" || code == "nn"; }

constexpr std::string_view kOther = "other";

// Some twenty words, enough to tell most languages apart.
constexpr std::size_t kPartBytes = 160;

// Below it CLD2 is asked whether the text is in a language that the model does not know.
constexpr float kSure = 0.5F;

// How sure CLD2 has to be that a text is in another language, where the model says so too, and where it does
// not.
constexpr double kOtherConfirmed = 0.5;
constexpr double kOtherKnown = 0.95;

struct Ranked {
  std::string_view code;
  float probability = 0;
};

// The likeliest language that has a name.
Ranked best_named(const LanguageModel& model, const LanguageJudgement& judgement) {
  Ranked best;
  for (std::size_t i = 0; i < model.codes().size(); ++i) {
    if (model.codes()[i] != kOther && judgement.probabilities[i] > best.probability) {
      best = {model.codes()[i], judgement.probabilities[i]};
    }
  }
  return best;
}

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

bool LanguageIdentifier::available() { return shared_language_model_is_installed(); }

LanguageIdentifier::LanguageIdentifier() : model_(shared_language_model_or_throw()) {}

bool LanguageIdentifier::knows(std::string_view code) const {
  return code == "no" ||
         std::find(model_.codes().begin(), model_.codes().end(), code) != model_.codes().end();
}

bool LanguageIdentifier::can_name(std::string_view code) const {
  return code != kOther && (knows(code) || is_code_of_cld2(code));
}

std::string LanguageIdentifier::own_codes() const {
  std::string codes;
  for (const std::string& code : model_.codes()) {
    if (code != kOther) codes += (codes.empty() ? "" : " ") + code;
  }
  return codes;
}

IdentifiedLanguage LanguageIdentifier::identify(std::string_view text, std::size_t max_bytes) const {
  std::string sample;
  if (text.size() > max_bytes) {
    sample = sample_of(text, max_bytes);
    text = sample;
  }
  const IdentifiedLanguage unknown = {"und", 0.0};
  const LanguageJudgement judgement = model_.judge_by_parts(text, kPartBytes);
  const LetterCounts& letters = judgement.letters;
  if (letters.latin + letters.other == 0) return unknown;
  if (letters.other > letters.latin) return identify_by_cld2(text).value_or(unknown);

  const Ranked best = best_named(model_, judgement);
  const bool is_other = model_.codes()[judgement.best] == kOther;
  if (!is_other && best.probability >= kSure) return {std::string(best.code), best.probability};
  const auto second = identify_by_cld2(text);
  const double least = is_other ? kOtherConfirmed : kOtherKnown;
  if (second && second->confidence >= least && !knows(second->code)) return *second;
  if (is_other && !second && judgement.probabilities[judgement.best] >= kSure) return unknown;
  return {std::string(best.code), best.probability};
}

}  // namespace gpt::text
