#include "apps/gpt-dedup/rewrite/paragraph_options.hpp"

#include <CLI/CLI.hpp>

#include "libcommon/cli/errors.hpp"

namespace gpt::dedup {

ParagraphFlags::ParagraphFlags(CLI::App& app) {
  constexpr const char* kGroup = "Repeated lines and paragraphs";
  app.add_option("--unit", unit_,
                 "document; or also take lines or paragraphs out of the kept documents where they come again")
      ->check(CLI::IsMember({"document", "paragraph", "line"}))
      ->capture_default_str()
      ->group(kGroup);
  app.add_option("--min-chars", least_characters_, "Shorter lines and paragraphs stay (20)")
      ->check(CLI::Range(1, 1'000'000))
      ->type_name("N")
      ->group(kGroup);
  app.add_option("--most-repeats", most_repeats_,
                 "Places in which a line or paragraph stays: its first N (1)")
      ->check(CLI::Range(1, 1'000'000'000))
      ->type_name("N")
      ->group(kGroup);
}

std::optional<ParagraphOptions> ParagraphFlags::resolved_or_throw() const {
  if (unit_ == "document") {
    if (least_characters_ || most_repeats_)
      throw cli::UsageError("--min-chars and --most-repeats are about lines or paragraphs: add --unit");
    return std::nullopt;
  }
  ParagraphOptions options;
  options.unit = unit_ == "line" ? RepeatUnit::lines : RepeatUnit::paragraphs;
  options.least_characters = least_characters_.value_or(options.least_characters);
  options.most_repeats = most_repeats_.value_or(options.most_repeats);
  return options;
}

}  // namespace gpt::dedup
