#pragma once

#include <optional>
#include <string_view>

#include "libcommon/text/language.hpp"

namespace gpt::text {

// What CLD2 takes a text for: valid UTF-8 without markup. Its confidence is the share of the text that it
// judges to be in the language, halved where it is a guess. Nothing where CLD2 cannot tell, and in a build
// without it (GPT_WITH_CLD2=OFF). CLD2 knows more than 80 languages, Norwegian as "no".
std::optional<IdentifiedLanguage> identify_by_cld2(std::string_view text);

// Whether CLD2 has a language of that code; false in a build without it.
bool is_code_of_cld2(std::string_view code);

}  // namespace gpt::text
