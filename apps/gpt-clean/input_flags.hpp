#pragma once

#include <CLI/CLI.hpp>

#include "apps/gpt-clean/options.hpp"

namespace gpt::clean {

// The flags that say what is read, which several commands have.
void add_input_flags(CLI::App& app, InputOptions& options);
void add_source_flags(CLI::App& app, SourceOptions& sources);

// Throw cli::UsageError. stdin can be read once, and not be shared.
void check_inputs_or_throw(const InputOptions& options, io::Shard shard);

// Of a command that is named by a word ("gpt-clean stats"): the arguments without that word.
std::vector<const char*> without_word(int argc, const char* const* argv);

}  // namespace gpt::clean
