#pragma once

#include <cstddef>
#include <string_view>

namespace gpt::clean {

// What the words around a number say of it, in the Nordic languages, English and German. begin and end: where
// the number lies in the text. Case does not count.

// "tel", "mobil:", "tlf. nr" before it.
bool stands_behind_phone_word(std::string_view text, std::size_t begin);
// "cpr", "personnummer:", "cpr-nr." before it.
bool stands_behind_person_word(std::string_view text, std::size_t begin);
// "ordernr", "dnr", "ISBN", "art. nr" before it: it identifies a thing.
bool stands_behind_thing_word(std::string_view text, std::size_t begin);
// "version", "kapitel" before it, or a product's name and a slash ("Firefox/115.0.2.1").
bool stands_behind_version(std::string_view text, std::size_t begin);
// "kr", "euro", "%", "användare" behind it: so many of something.
bool is_amount(std::string_view text, std::size_t end);

}  // namespace gpt::clean
