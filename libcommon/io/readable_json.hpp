#pragma once

#include <string>

namespace gpt::io {

// Valid JSON that simdjson refuses: numbers beyond 64 bits or beyond doubles, and halves of surrogate pairs
// as escapes in values, which Python's json.dumps writes. Makes the line readable in place, every byte of the
// rest where it was: such a number becomes null and spaces, such a half the escape of U+FFFD. Says whether
// anything was changed. What is no JSON stays no JSON.
bool make_readable(std::string& json_line);

}  // namespace gpt::io
