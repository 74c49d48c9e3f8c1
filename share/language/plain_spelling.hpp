#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace gpt::language_training {

// What stands for a letter that a keyboard lacks: two letters, "baal" for "bål", or the one it looks like,
// "bal".
enum class Spelling { pairs, lone_letters };

// A text as it is written without æ ø å ä ö ü.
inline std::string without_nordic_letters(std::string_view text, Spelling spelling) {
  static const std::map<std::string_view, std::pair<std::string_view, std::string_view>> kPlain = {
      {"æ", {"ae", "a"}}, {"Æ", {"Ae", "A"}}, {"ø", {"oe", "o"}}, {"Ø", {"Oe", "O"}},
      {"å", {"aa", "a"}}, {"Å", {"Aa", "A"}}, {"ä", {"ae", "a"}}, {"Ä", {"Ae", "A"}},
      {"ö", {"oe", "o"}}, {"Ö", {"Oe", "O"}}, {"ü", {"ue", "u"}}, {"Ü", {"Ue", "U"}}};
  std::string plain;
  while (!text.empty()) {
    const auto found = kPlain.find(text.substr(0, 2));
    if (found == kPlain.end()) {
      plain += text.front();
      text.remove_prefix(1);
    } else {
      plain += spelling == Spelling::pairs ? found->second.first : found->second.second;
      text.remove_prefix(2);
    }
  }
  return plain;
}

}  // namespace gpt::language_training
