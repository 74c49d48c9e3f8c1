#include "apps/gpt-dedup/rewrite/unit_options.hpp"

#include <CLI/CLI.hpp>

#include "libcommon/cli/errors.hpp"

namespace gpt::dedup {
namespace {

RepeatUnit unit_of_name(const std::string& name) {
  if (name == "line") return RepeatUnit::lines;
  return name == "sentence" ? RepeatUnit::sentences : RepeatUnit::paragraphs;
}

}  // namespace

UnitFlags::UnitFlags(CLI::App& app) {
  constexpr const char* kGroup = "Repeated lines, paragraphs and sentences";
  app.add_option("--unit", unit_,
                 "document; or also take lines, paragraphs or sentences out of the kept documents where they "
                 "come again")
      ->check(CLI::IsMember({"document", "paragraph", "line", "sentence"}))
      ->capture_default_str()
      ->group(kGroup);
  app.add_option("--span", span_, "So many of them in a row that come again together (1)")
      ->check(CLI::Range(1, 100))
      ->type_name("N")
      ->group(kGroup);
  app.add_option("--min-chars", least_characters_, "Runs of fewer characters stay (20)")
      ->check(CLI::Range(1, 1'000'000))
      ->type_name("N")
      ->group(kGroup);
  app.add_option("--most-repeats", most_repeats_, "Places in which one stays: its first N (1)")
      ->check(CLI::Range(1, 1'000'000'000))
      ->type_name("N")
      ->group(kGroup);
  app.add_option("--sentence-language", language_,
                 "Language whose rules find the sentences of all documents: swedish, or sv (en)")
      ->type_name("LANGUAGE")
      ->group(kGroup);
}

std::optional<UnitOptions> UnitFlags::resolved_or_throw() const {
  if (unit_ == "document") {
    if (span_ || least_characters_ || most_repeats_ || language_)
      throw cli::UsageError(
          "--span, --min-chars, --most-repeats and --sentence-language are about lines, paragraphs or "
          "sentences: add --unit");
    return std::nullopt;
  }
  UnitOptions options;
  options.unit = unit_of_name(unit_);
  options.span = span_.value_or(options.span);
  options.least_characters = least_characters_.value_or(options.least_characters);
  options.most_repeats = most_repeats_.value_or(options.most_repeats);
  if (!language_) return options;
  const auto code = text::language_code_of_name(*language_);
  if (!code)
    throw cli::UsageError("--sentence-language '" + *language_ +
                          "' is no language: give a code such as sv, or its English name");
  options.language = *code;
  return options;
}

}  // namespace gpt::dedup
