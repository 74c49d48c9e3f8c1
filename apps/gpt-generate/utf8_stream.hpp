#pragma once

#include <string>
#include <string_view>

namespace gpt::generate_tool {

// Turns bytes that come in pieces into whole characters: a token may end within a character, whose beginning
// is then held back until its end comes. What is no UTF-8 becomes U+FFFD.
class Utf8Stream {
 public:
  // The characters that are complete with these bytes.
  std::string push(std::string_view bytes);
  // What is left when there are no more: U+FFFD for a character without its end.
  std::string finish();

 private:
  std::string held_;
};

}  // namespace gpt::generate_tool
