#pragma once

#include <string>
#include <string_view>

namespace gpt::text {

// Corrects an identifier that took one Scandinavian language for its neighbour, which happens to short texts.
//   code: "sv", "da" or "no"; text: valid UTF-8
// Returns another of the three where words and letters speak for that one and none speaks for the given one,
// else the code as it came.
std::string correct_scandinavian(std::string_view code, std::string_view text);

}  // namespace gpt::text
