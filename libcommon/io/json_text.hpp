#pragma once

#include <string>
#include <string_view>

namespace gpt::io {

// Appends text as a JSON string with its quotes. UTF-8 stays as it is; control characters, '"' and '\' are
// escaped. text must be valid UTF-8.
void append_json_string(std::string& out, std::string_view text);
std::string json_string(std::string_view text);

// The shortest decimal form that reads back to the same double; "null" for NaN and infinities.
std::string json_number(double value);

}  // namespace gpt::io
