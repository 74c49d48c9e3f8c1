#include "apps/gpt-clean/rules/catalogue.hpp"

#include <algorithm>
#include <string>

#include "apps/gpt-clean/rules/characters.hpp"
#include "apps/gpt-clean/rules/empty.hpp"
#include "apps/gpt-clean/rules/entities.hpp"
#include "apps/gpt-clean/rules/language.hpp"
#include "apps/gpt-clean/rules/line_hyphens.hpp"
#include "apps/gpt-clean/rules/min_chars.hpp"
#include "apps/gpt-clean/rules/mojibake.hpp"
#include "apps/gpt-clean/rules/plain_forms.hpp"
#include "apps/gpt-clean/rules/redact.hpp"
#include "apps/gpt-clean/rules/sentences.hpp"
#include "apps/gpt-clean/rules/terminal_escapes.hpp"
#include "apps/gpt-clean/rules/whitespace.hpp"
#include "libcommon/cli/errors.hpp"
#include "libcommon/cli/nearest_option.hpp"

namespace gpt::clean {

namespace {

std::vector<RuleKind> all_kinds() {
  std::vector<RuleKind> kinds = {
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
      // lines and sentences
      min_chars_per_sentence_kind(),
      max_chars_per_sentence_kind(),
      min_words_per_sentence_kind(),
      // documents
      empty_kind(),
      language_kind(),
      min_chars_kind(),
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
