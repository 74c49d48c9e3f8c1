#pragma once

#include <string_view>

namespace gpt::clean {

// Tells languages with "å" from those with "ü" by small words of ASCII letters alone, which survive any
// misreading: above 0 for the Nordic ones, below 0 for German, Dutch, Hungarian, Turkish, Estonian.
int nordic_words(std::u32string_view line);

// How many letters there are that Danish, Norwegian and Icelandic alone write.
int nordic_letters(std::u32string_view points);

// How unlikely letters are, where two readings of one line are both sound: letters that hardly any language
// writes, combining marks, "ß" that follows no vowel, "ù" before a letter, a capital behind a capital before
// a small letter; by the language (nordic: what the others made of the text) what the Nordic ones lack, "å"
// and "ü", these by their place in the word if the language is not known. In the unit of oddness().
int unlikeliness(std::u32string_view points, char32_t before, char32_t after, int nordic);

}  // namespace gpt::clean
