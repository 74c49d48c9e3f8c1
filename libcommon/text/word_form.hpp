#pragma once

#include <string_view>

namespace gpt::text {

// What words look like to whom searches for the ends of sentences. Words: valid UTF-8.

bool is_blank(char32_t point);  // white space or a line end
bool is_upper(char32_t point);
bool is_lower(char32_t point);
bool is_letter(char32_t point);
bool is_digit(char32_t point);
bool is_quote(char32_t point);
bool closes(char32_t point);  // quotation marks and brackets that may close
bool opens(char32_t point);   // and that may open, and the marks of list items

bool is_number(std::string_view word);  // of ASCII digits
// One letter: "J. Svensson".
bool is_initial(std::string_view word);
// Letters with dots between them: "t.ex", "U.S".
bool is_dotted(std::string_view word);
// Six small letters or more and nothing else: too long for an abbreviation.
bool is_plain_long_word(std::string_view word);
// Four letters or more, all of them capitals; fewer may be an acronym.
bool is_in_capitals(std::string_view word);
// "Det": a capital, and a small letter behind it if there is one.
bool is_capitalised(std::string_view word);
// Whether a heading may end with the word: it ends in a small letter, or is all capitals.
bool ends_heading(std::string_view word);

}  // namespace gpt::text
