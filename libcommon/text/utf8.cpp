#include "libcommon/text/utf8.hpp"

#include <algorithm>

#include <simdjson.h>

namespace gpt::text {
namespace {

unsigned char byte_at(std::string_view text, std::size_t at) { return static_cast<unsigned char>(text[at]); }

// What a first byte promises: the sequence's length and which second bytes are allowed (Unicode, table 3-7).
struct Lead {
  std::size_t length;
  unsigned char second_from;
  unsigned char second_to;
};

Lead lead_of(unsigned char first) {
  if (first >= 0xC2 && first <= 0xDF) return {2, 0x80, 0xBF};
  if (first == 0xE0) return {3, 0xA0, 0xBF};
  if (first == 0xED) return {3, 0x80, 0x9F};
  if (first >= 0xE1 && first <= 0xEF) return {3, 0x80, 0xBF};
  if (first == 0xF0) return {4, 0x90, 0xBF};
  if (first >= 0xF1 && first <= 0xF3) return {4, 0x80, 0xBF};
  if (first == 0xF4) return {4, 0x80, 0x8F};
  return {1, 1, 0};
}

}  // namespace

DecodedPoint decode_utf8(std::string_view text) {
  const unsigned char first = byte_at(text, 0);
  if (first < 0x80) return {first, 1, true};
  const Lead lead = lead_of(first);
  if (lead.length == 1 || text.size() < 2 || byte_at(text, 1) < lead.second_from ||
      byte_at(text, 1) > lead.second_to) {
    return {kReplacement, 1, false};
  }
  char32_t point = first & (0x7Fu >> lead.length);
  point = point << 6 | (byte_at(text, 1) & 0x3Fu);
  for (std::size_t i = 2; i < lead.length; ++i) {
    if (i >= text.size() || (byte_at(text, i) & 0xC0u) != 0x80) return {kReplacement, i, false};
    point = point << 6 | (byte_at(text, i) & 0x3Fu);
  }
  return {point, lead.length, true};
}

bool is_valid_utf8(std::string_view text) { return simdjson::validate_utf8(text.data(), text.size()); }

std::string repair_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 16);
  while (!text.empty()) {
    const DecodedPoint decoded = decode_utf8(text);
    if (decoded.valid) {
      out.append(text, 0, decoded.length);
    } else {
      append_utf8(out, kReplacement);
    }
    text.remove_prefix(decoded.length);
  }
  return out;
}

void append_utf8(std::string& out, char32_t point) {
  const auto put = [&out](char32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (point < 0x80) {
    put(point);
  } else if (point < 0x800) {
    put(0xC0 | point >> 6);
    put(0x80 | (point & 0x3F));
  } else if (point < 0x10000) {
    put(0xE0 | point >> 12);
    put(0x80 | (point >> 6 & 0x3F));
    put(0x80 | (point & 0x3F));
  } else {
    put(0xF0 | point >> 18);
    put(0x80 | (point >> 12 & 0x3F));
    put(0x80 | (point >> 6 & 0x3F));
    put(0x80 | (point & 0x3F));
  }
}

std::size_t count_code_points(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0u) != 0x80; }));
}

std::size_t point_before(std::string_view text, std::size_t end) {
  do {
    --end;
  } while (end > 0 && (byte_at(text, end) & 0xC0u) == 0x80);
  return end;
}

std::string_view utf8_front(std::string_view text, std::size_t max_bytes) {
  if (text.size() <= max_bytes) return text;
  std::size_t end = max_bytes;
  while (end > 0 && (byte_at(text, end) & 0xC0u) == 0x80) --end;
  return text.substr(0, end);
}

}  // namespace gpt::text
