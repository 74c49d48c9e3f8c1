#include "apps/gpt-clean/rules/catalogue.hpp"

#include <algorithm>
#include <string>

#include "apps/gpt-clean/rules/characters.hpp"
#include "apps/gpt-clean/rules/citations.hpp"
#include "apps/gpt-clean/rules/empty.hpp"
#include "apps/gpt-clean/rules/entities.hpp"
#include "apps/gpt-clean/rules/language.hpp"
#include "apps/gpt-clean/rules/line_hyphens.hpp"
#include "apps/gpt-clean/rules/line_rules.hpp"
#include "apps/gpt-clean/rules/line_shapes.hpp"
#include "apps/gpt-clean/rules/min_chars.hpp"
#include "apps/gpt-clean/rules/min_tokens.hpp"
#include "apps/gpt-clean/rules/mojibake.hpp"
#include "apps/gpt-clean/rules/ngrams.hpp"
#include "apps/gpt-clean/rules/nordic_letters.hpp"
#include "apps/gpt-clean/rules/openwebtext.hpp"
#include "apps/gpt-clean/rules/phrase_rules.hpp"
#include "apps/gpt-clean/rules/piece_language.hpp"
#include "apps/gpt-clean/rules/plain_forms.hpp"
#include "apps/gpt-clean/rules/redact.hpp"
#include "apps/gpt-clean/rules/repeated_lines.hpp"
#include "apps/gpt-clean/rules/sentence_count.hpp"
#include "apps/gpt-clean/rules/sentences.hpp"
#include "apps/gpt-clean/rules/stop_words.hpp"
#include "apps/gpt-clean/rules/terminal_escapes.hpp"
#include "apps/gpt-clean/rules/whitespace.hpp"
#include "apps/gpt-clean/rules/words.hpp"
#include "libcommon/cli/errors.hpp"
#include "libcommon/cli/nearest_option.hpp"

namespace gpt::clean {

namespace {

std::vector<RuleKind> all_kinds() {
  std::vector<RuleKind> kinds = {
      // repairs
      html_entities_kind(),
      mojibake_kind(),
      terminal_escapes_kind(),
      invisible_characters_kind(),
      normalization_kind(),
      whitespace_kind(),
      straight_quotes_kind(),
      ligatures_kind(),
      character_width_kind(),
      line_hyphens_kind(),
      citations_kind(),
      general_cleaning_kind(),
      // lines and sentences
      javascript_lines_kind(),
      policy_lines_kind(),
      boilerplate_lines_kind(),
      terminal_punctuation_kind(),
      words_per_line_kind(),
      long_words_kind(),
      min_chars_per_sentence_kind(),
      max_chars_per_sentence_kind(),
      min_words_per_sentence_kind(),
      split_sentences_kind(),
      language_of_lines_kind(),
      language_of_sentences_kind(),
      // documents: language and length
      empty_kind(),
      language_kind(),
      identify_language_kind(),
      min_chars_kind(),
      min_tokens_kind(),
      word_count_kind(),
      sentence_count_kind(),
      // documents: words and lines
      mean_word_length_kind(),
      alphabetic_words_kind(),
      stop_words_kind(),
      nordic_letters_kind(),
      symbol_words_kind(),
      digits_kind(),
      urls_kind(),
      bullet_lines_kind(),
      ellipsis_lines_kind(),
      line_punctuation_kind(),
      short_lines_kind(),
      line_breaks_kind(),
      // documents: repetition
      duplicate_lines_kind(),
      duplicate_line_characters_kind(),
      duplicate_paragraphs_kind(),
      duplicate_paragraph_characters_kind(),
      top_ngrams_kind(2),
      top_ngrams_kind(3),
      top_ngrams_kind(4),
      duplicate_ngrams_kind(5),
      duplicate_ngrams_kind(6),
      duplicate_ngrams_kind(7),
      duplicate_ngrams_kind(8),
      duplicate_ngrams_kind(9),
      duplicate_ngrams_kind(10),
      // documents: what they hold
      lorem_ipsum_kind(),
      curly_brackets_kind(),
      bad_words_kind(),
      short_javascript_kind(),
      short_foreign_kind(),
  };
  const std::vector<RuleKind> redactions = redact_kinds();
  kinds.insert(kinds.end(), redactions.begin(), redactions.end());
  return kinds;
}

}  // namespace

const std::vector<RuleKind>& catalogue() {
  static const std::vector<RuleKind> kinds = all_kinds();
  return kinds;
}

const RuleKind& kind_or_throw(std::string_view typed) {
  std::string name(typed);
  std::replace(name.begin(), name.end(), '_', '-');
  const auto& kinds = catalogue();
  const auto found =
      std::find_if(kinds.begin(), kinds.end(), [&](const RuleKind& kind) { return kind.name == name; });
  if (found != kinds.end()) return *found;
  std::vector<std::string> names;
  for (const auto& kind : kinds) names.push_back(kind.name);
  std::string message = "there is no rule '" + name + "'";
  if (const auto nearest = cli::nearest_option(name, names)) message += "; did you mean '" + *nearest + "'?";
  throw cli::UsageError(message + " (gpt-clean rules lists them all)");
}

}  // namespace gpt::clean
