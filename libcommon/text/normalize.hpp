#pragma once

#include <string>
#include <string_view>

namespace gpt::text {

// Unicode normalisation forms (Unicode Standard Annex 15): canonical composition, and with compatibility
// characters (ligatures, full-width letters ...) replaced.
enum class NormalForm { nfc, nfkc };

// Text in, valid UTF-8; whether it is in that form already. Fast for Latin text.
bool is_normalized(std::string_view text, NormalForm form = NormalForm::nfc);

// The text, valid UTF-8, brought to that form.
std::string normalize(std::string_view text, NormalForm form = NormalForm::nfc);

}  // namespace gpt::text
