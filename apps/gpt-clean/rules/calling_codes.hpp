#pragma once

#include <string_view>

namespace gpt::clean {

// Whether digits are an international number without '+' or "00": a code of ITU-T E.164's list of assigned
// country codes, and behind it as many digits as the country has, where that is known (Nordic countries,
// North America, Russia and Kazakhstan), else 8 to 15 digits altogether.
bool is_international_number(std::string_view digits);

// Whether they begin with the code of a Nordic country.
bool has_nordic_code(std::string_view digits);

}  // namespace gpt::clean
