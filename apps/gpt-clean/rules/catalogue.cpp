#include "apps/gpt-clean/rules/catalogue.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

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

using Kinds = std::vector<RuleKind>;

Kinds repairs() {
  return {html_entities_kind(),   mojibake_kind(),     terminal_escapes_kind(), invisible_characters_kind(),
          normalization_kind(),   whitespace_kind(),   straight_quotes_kind(),  ligatures_kind(),
          character_width_kind(), line_hyphens_kind(), citations_kind(),        general_cleaning_kind()};
}

Kinds rules_on_lines() {
  return {javascript_lines_kind(),       policy_lines_kind(),           boilerplate_lines_kind(),
          terminal_punctuation_kind(),   words_per_line_kind(),         long_words_kind(),
          min_chars_per_sentence_kind(), max_chars_per_sentence_kind(), min_words_per_sentence_kind(),
          split_sentences_kind(),        language_of_lines_kind(),      language_of_sentences_kind()};
}

Kinds rules_on_language_and_length() {
  return {empty_kind(),      language_kind(),   identify_language_kind(), min_chars_kind(),
          min_tokens_kind(), word_count_kind(), sentence_count_kind()};
}

Kinds rules_on_words_and_lines() {
  return {mean_word_length_kind(), alphabetic_words_kind(), stop_words_kind(),  nordic_letters_kind(),
          symbol_words_kind(),     digits_kind(),           urls_kind(),        bullet_lines_kind(),
          ellipsis_lines_kind(),   line_punctuation_kind(), short_lines_kind(), line_breaks_kind()};
}

Kinds rules_on_repetition() {
  Kinds kinds = {duplicate_lines_kind(), duplicate_line_characters_kind(), duplicate_paragraphs_kind(),
                 duplicate_paragraph_characters_kind()};
  for (std::size_t n = 2; n <= 4; ++n) kinds.push_back(top_ngrams_kind(n));
  for (std::size_t n = 5; n <= 10; ++n) kinds.push_back(duplicate_ngrams_kind(n));
  return kinds;
}

Kinds rules_on_content() {
  return {lorem_ipsum_kind(), curly_brackets_kind(), bad_words_kind(), short_javascript_kind(),
          short_foreign_kind()};
}

Kinds all_kinds() {
  Kinds all;
  for (Kinds (*const group)() :
       {repairs, rules_on_lines, rules_on_language_and_length, rules_on_words_and_lines, rules_on_repetition,
        rules_on_content, redact_kinds}) {
    Kinds kinds = group();
    std::move(kinds.begin(), kinds.end(), std::back_inserter(all));
  }
  return all;
}

}  // namespace

const std::vector<RuleKind>& catalogue() {
  static const Kinds kinds = all_kinds();
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
