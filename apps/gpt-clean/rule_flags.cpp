#include "apps/gpt-clean/rule_flags.hpp"

#include <algorithm>
#include <map>

#include <unicode/uloc.h>

#include "libcommon/cli/errors.hpp"
#include "libcommon/cli/number_range.hpp"
#include "libcommon/text/language.hpp"

namespace gpt::clean {
namespace {

const std::map<std::string, LanguageUnit> kLanguageUnits = {
    {"document", LanguageUnit::document}, {"line", LanguageUnit::line}, {"sentence", LanguageUnit::sentence}};

void add_recipe(CLI::App& app, RecipeOptions& recipe) {
  auto* preset = app.add_option(
      "--preset", recipe.preset,
      "Rules to begin with: repair, megatron, gopher, c4, fineweb or nordic; default: nordic where "
      "--language names Nordic languages alone, else repair");
  auto* file = app.add_option("--recipe", recipe.file, "File of rules to begin with");
  preset->type_name("NAME");
  file->type_name("FILE")->excludes(preset);
  app.add_option("--rule", recipe.changes, "Add a rule, or change its settings: 'NAME KEY=VALUE ...'")
      ->allow_extra_args(false)
      ->take_all()
      ->type_name("RULE");
  app.add_option("--without", recipe.without, "Leave rules out of the preset or recipe")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->take_all()
      ->type_name("NAMES");
}

void add_language(CLI::App& app, RuleOptions& options) {
  app.add_option("--language", options.languages, "Keep documents in these languages only: sv, or sv,da")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(language_code_or_reason)
      ->type_name("CODES");
  app.add_option("--language-unit",
                 "What --language drops: document, line or sentence; default: as the recipe has it")
      ->type_name("UNIT")
      ->check(CLI::IsMember({"document", "line", "sentence"}))
      ->each([&](const std::string& name) { options.language_unit = kLanguageUnits.at(name); });
  app.add_option("--language-confidence", options.language_confidence,
                 "Least confidence with which --language keeps a document, or judges a line or sentence by "
                 "itself")
      ->check(cli::number_range(0.0, 1.0))
      ->type_name("X");
  app.add_option("--language-field", options.language_field,
                 "Field for the language of what is kept, NAME_confidence for how sure it is; '' for none; "
                 "default with --language: language")
      ->type_name("NAME");
}

void add_rules(CLI::App& app, RuleOptions& options) {
  app.add_option("--min-chars", options.min_chars, "Drop documents with fewer characters")
      ->check(cli::whole_number())
      ->type_name("N");
  app.add_option("--min-tokens", options.min_tokens,
                 "Drop documents with fewer tokens; without a vocabulary, four bytes are taken for one")
      ->check(cli::whole_number())
      ->type_name("N");
  app.add_option("--vocab-file,--vocab", options.vocab_file,
                 "Vocabulary that counts tokens, for --min-tokens and --statistics: vocab.json, or a "
                 "tokenizer.json")
      ->type_name("FILE");
  app.add_option("--merge-file", options.merge_file, "The merges.txt of a vocab.json")->type_name("FILE");
  app.add_option("--bad-words", options.bad_words, "Drop documents with a word of this list, one a line")
      ->type_name("FILE");
  app.add_option("--min-chars-per-sentence", options.min_chars_per_sentence,
                 "Drop sentences with fewer characters")
      ->check(cli::whole_number())
      ->type_name("N");
  app.add_option("--max-chars-per-sentence", options.max_chars_per_sentence,
                 "Drop sentences with more characters; 0: no limit")
      ->check(cli::whole_number())
      ->type_name("N");
  app.add_option("--min-words-per-sentence", options.min_words_per_sentence,
                 "Drop sentences with fewer words")
      ->check(cli::whole_number())
      ->type_name("N");
  app.add_flag("--split-sentences", options.split_sentences, "Write one sentence a line");
  app.add_option("--sentence-language", options.sentence_language,
                 "Language whose rules find the sentences; default: the document's")
      ->check(sentence_language_or_reason)
      ->type_name("CODE");
}

void add_redaction(CLI::App& app, RuleOptions& options) {
  app.add_option("--redact", options.redact, "Mask personal data: email,phone,ip,iban,personnummer")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(CLI::IsMember({"email", "phone", "ip", "iban", "personnummer"}))
      ->type_name("KINDS");
}

}  // namespace

std::string language_code_or_reason(const std::string& code) {
  const bool is_code = (code.size() == 2 || code.size() == 3) &&
                       std::all_of(code.begin(), code.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  return is_code ? "" : "'" + code + "' is no language code; ISO 639 codes such as sv, da, nb are understood";
}

std::string sentence_language_or_reason(const std::string& code) {
  const std::string reason = language_code_or_reason(code);
  if (!reason.empty()) return reason;
  for (const char* const* known = uloc_getISOLanguages(); *known != nullptr; ++known) {
    if (code == *known) return "";
  }
  return "'" + code + "' is no language of ISO 639";
}

void add_rule_flags(CLI::App& app, RuleOptions& options) {
  add_recipe(app, options.recipe);
  add_language(app, options);
  add_rules(app, options);
  add_redaction(app, options);
}

void check_rule_flags_or_throw(const RuleOptions& options) {
  if (!options.languages.empty() && !text::LanguageIdentifier::available()) {
    throw cli::UsageError(
        "--language cannot be used: share/gpt-toolkit/language/languages.model is not installed; name the "
        "toolkit's share folder with GPT_SHARE");
  }
  const std::size_t most = options.max_chars_per_sentence.value_or(0);
  if (most > 0 && options.min_chars_per_sentence.value_or(0) > most)
    throw cli::UsageError(
        "--min-chars-per-sentence is greater than --max-chars-per-sentence: no sentence would stay");
  if (options.languages.empty() && (options.language_unit || options.language_confidence)) {
    throw cli::UsageError(
        "--language-unit and --language-confidence say how --language works: give that too");
  }
}

}  // namespace gpt::clean
