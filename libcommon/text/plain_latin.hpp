#pragma once

#include <string_view>

namespace gpt::text {

// Whether every character of a text, valid UTF-8, lies below U+0300 or is a sign beyond the scripts
// (punctuation, currency signs, arrows, pictures) that is no combining mark and its own canonical form. Most
// text in Latin letters is so, and is told at memory speed.
bool is_plain_latin(std::string_view text);

}  // namespace gpt::text
