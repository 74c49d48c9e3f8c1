#include "apps/gpt-dedup/idle_options.hpp"

#include <CLI/CLI.hpp>

#include "libcommon/cli/errors.hpp"

namespace gpt::dedup {

void refuse_idle_or_throw(const CLI::App& app, std::initializer_list<const char*> options,
                          const std::string& why) {
  for (const char* option : options)
    if (app.count(option) > 0) throw cli::UsageError(std::string(option) + " " + why);
}

}  // namespace gpt::dedup
