#pragma once

#include <string>

#include <CLI/CLI.hpp>

#include "apps/gpt-clean/options.hpp"

namespace gpt::clean {

// The flags that make a recipe.
void add_rule_flags(CLI::App& app, RuleOptions& options);

// Throws cli::UsageError on flags that contradict each other.
void check_rule_flags_or_throw(const RuleOptions& options);

// For CLI11: nothing to say of a language code, or what is wrong with it.
std::string language_code_or_reason(const std::string& code);
// The same of a language whose rules find sentences, which ISO 639 has to know.
std::string sentence_language_or_reason(const std::string& code);

}  // namespace gpt::clean
