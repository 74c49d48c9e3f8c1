#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace gpt::text {

inline constexpr char32_t kReplacement = 0xFFFD;

// A code point and how many bytes of the text it took.
struct DecodedPoint {
  char32_t point = kReplacement;
  std::size_t length = 1;
  bool valid = false;  // false: length bytes are a maximal subpart of an ill-formed sequence
};

// The code point at the front of a text that is not empty. An ill-formed sequence gives U+FFFD for each
// maximal subpart, as the Unicode standard recommends (chapter 3, "U+FFFD Substitution").
DecodedPoint decode_utf8(std::string_view text);

bool is_valid_utf8(std::string_view text);

// The text with U+FFFD for each maximal subpart of an ill-formed sequence.
std::string repair_utf8(std::string_view text);

// Appends a code point; it must be a Unicode scalar value (no surrogate, at most U+10FFFF).
void append_utf8(std::string& out, char32_t point);

// Code points of a valid text: the bytes that continue none.
std::size_t count_code_points(std::string_view text);

// Where the code point begins that ends at `end`, which is beyond the text's beginning and between code
// points.
std::size_t point_before(std::string_view text, std::size_t end);

// The longest front of a valid text that has at most max_bytes and ends between code points.
std::string_view utf8_front(std::string_view text, std::size_t max_bytes);

// Calls visit(point, begin, length) for each code point of a valid text.
template <class Visit>
void for_each_code_point(std::string_view text, Visit visit) {
  for (std::size_t at = 0; at < text.size();) {
    const auto first = static_cast<unsigned char>(text[at]);
    if (first < 0x80) {
      visit(static_cast<char32_t>(first), at, std::size_t{1});
      ++at;
      continue;
    }
    const DecodedPoint decoded = decode_utf8(text.substr(at));
    visit(decoded.point, at, decoded.length);
    at += decoded.length;
  }
}

}  // namespace gpt::text
