#include "libcommon/text/whitespace.hpp"

#include <algorithm>
#include <array>

#include <unicode/uchar.h>

#include "libcommon/text/utf8.hpp"

namespace gpt::text {
namespace {

constexpr std::size_t kBlock = 64;

unsigned char byte_at(std::string_view text, std::size_t at) {
  return at < text.size() ? static_cast<unsigned char>(text[at]) : 0;
}

// Of a block behind another byte and before another one: whether it holds anything that could be folded.
// Without an early exit, so that the compiler looks at many bytes at once.
bool may_be_unfolded(std::string_view text, std::size_t begin) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data()) + begin;
  unsigned char found = 0;
  const auto flag = [](bool value) { return static_cast<unsigned char>(value ? 1 : 0); };
  for (std::size_t i = 0; i < kBlock; ++i) {
    const unsigned char c = bytes[i];
    const unsigned char next = bytes[i + 1];
    const unsigned char spaces = flag(c == ' ') & (flag(next == ' ') | flag(next == '\n'));
    const unsigned char lines =
        flag(c == '\n') & (flag(next == ' ') | (flag(next == '\n') & flag(bytes[i + 2] == '\n')));
    const unsigned char control = flag(c < ' ') & flag(c != '\n');
    // what begins spaces and line ends beyond ASCII: U+00A0 and U+0085, U+1680, U+20.., U+3000
    const unsigned char lead = flag(c == 0xC2) | (flag(c >= 0xE1) & flag(c <= 0xE3));
    found = static_cast<unsigned char>(found | spaces | lines | control | lead);
  }
  return found != 0;
}

bool is_blank_beyond_ascii(std::string_view text, std::size_t at) {
  const unsigned char lead = byte_at(text, at);
  if (lead != 0xC2 && (lead < 0xE1 || lead > 0xE3)) return false;
  const char32_t point = decode_utf8(text.substr(at)).point;
  return is_space(point) || is_line_end(point);
}

// Byte by byte. Two line ends stand for one blank line; a third, or a space beside any, would go.
bool is_block_folded(std::string_view text, std::size_t begin, std::size_t end) {
  for (std::size_t at = begin; at < end; ++at) {
    const unsigned char c = byte_at(text, at);
    const unsigned char before = byte_at(text, at - 1);
    const unsigned char after = byte_at(text, at + 1);
    if (c < ' ' && c != '\n' && (c == '\t' || is_line_end(c))) return false;
    if (c == ' ' && (before == ' ' || before == '\n' || after == '\n' || after == ' ')) return false;
    if (c == '\n' && (before == ' ' || after == ' ' || (before == '\n' && after == '\n'))) return false;
    if (is_blank_beyond_ascii(text, at)) return false;
  }
  return true;
}

}  // namespace

bool is_space(char32_t point) {
  if (point < 0x80) return point == ' ' || point == '\t';
  return point == 0xA0 || point == 0x1680 || (point >= 0x2000 && point <= 0x200A) || point == 0x202F ||
         point == 0x205F || point == 0x3000;
}

bool is_line_end(char32_t point) {
  return (point >= '\n' && point <= '\r') || point == 0x85 || point == 0x2028 || point == 0x2029;
}

namespace {

enum class ByteKind : unsigned char { plain, white, may_begin_white };

constexpr std::array<ByteKind, 256> kByteKinds = [] {
  std::array<ByteKind, 256> kinds{};
  for (const unsigned char c : {'\t', '\n', '\v', '\f', '\r', ' '}) kinds[c] = ByteKind::white;
  for (const unsigned c : {0xC2, 0xE1, 0xE2, 0xE3}) kinds[c] = ByteKind::may_begin_white;
  return kinds;
}();

ByteKind kind_of(char c) { return kByteKinds[static_cast<unsigned char>(c)]; }

bool is_white_at(std::string_view text, std::size_t at) {
  const ByteKind kind = kind_of(text[at]);
  if (kind != ByteKind::may_begin_white) return kind == ByteKind::white;
  const char32_t point = decode_utf8(text.substr(at)).point;
  return is_space(point) || is_line_end(point);
}

// How many bytes from here on stay as they are: words with one plain space between them.
std::size_t plain_run(std::string_view text, std::size_t begin) {
  std::size_t at = begin;
  while (at < text.size()) {
    if (kind_of(text[at]) == ByteKind::plain) {
      ++at;
    } else if (text[at] == ' ' && at > begin && at + 1 < text.size() && !is_white_at(text, at + 1)) {
      at += 2;  // whatever the next character is, its further bytes are plain
    } else if (!is_white_at(text, at)) {
      ++at;
    } else {
      break;
    }
  }
  return at - begin;
}

}  // namespace

std::string fold_whitespace(std::string_view text, const WhitespaceRules& rules) {
  std::string out;
  out.reserve(text.size());
  std::size_t line_ends = 0;  // seen since the last visible character
  bool space = false;
  bool after_return = false;
  const auto separate = [&] {
    if (out.empty()) return;
    if (line_ends > 0) {
      out.append(std::min(line_ends, rules.max_blank_lines + 1), '\n');
    } else if (space) {
      out.push_back(' ');
    }
  };
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t plain = plain_run(text, at);
    if (plain > 0) {
      if (space || line_ends > 0) separate();
      out.append(text, at, plain);
      space = false;
      line_ends = 0;
      after_return = false;
      at += plain;
      continue;
    }
    const DecodedPoint decoded = decode_utf8(text.substr(at));
    if (is_line_end(decoded.point)) {
      if (decoded.point != '\n' || !after_return) ++line_ends;
    } else {
      space = true;
    }
    after_return = decoded.point == '\r';
    at += decoded.length;
  }
  return out;
}

bool is_folded(std::string_view text) {
  if (text.empty()) return true;
  if (text.front() == ' ' || text.back() == ' ' || text.front() == '\n' || text.back() == '\n') return false;
  std::size_t at = 0;
  while (at + kBlock + 1 < text.size()) {
    if (may_be_unfolded(text, at) && !is_block_folded(text, at, at + kBlock)) return false;
    at += kBlock;
  }
  return is_block_folded(text, at, text.size());
}

std::size_t count_words(std::string_view text) {
  std::size_t words = 0;
  bool counted = false;
  for_each_code_point(text, [&](char32_t point, std::size_t, std::size_t) {
    if (is_space(point) || is_line_end(point)) {
      counted = false;
    } else if (!counted && u_isalnum(static_cast<UChar32>(point))) {
      counted = true;
      ++words;
    }
  });
  return words;
}

}  // namespace gpt::text
