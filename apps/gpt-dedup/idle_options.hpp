#pragma once

#include <initializer_list>
#include <string>

namespace CLI {
class App;
}

namespace gpt::dedup {

// After parsing: throws cli::UsageError, "--url-key is about --method url", where one of the options was
// given that would do nothing. Who gives one expects something of it.
void refuse_idle_or_throw(const CLI::App& app, std::initializer_list<const char*> options,
                          const std::string& why);

}  // namespace gpt::dedup
