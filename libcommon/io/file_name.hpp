#pragma once

#include <string_view>

namespace gpt::io {

// Whether a file's name ends so; letters in either case. ending: in lower case.
bool name_ends_with(std::string_view name, std::string_view ending);

// The name without ".gz" or ".zst" at its end.
std::string_view without_compression(std::string_view name);

}  // namespace gpt::io
