#include "apps/gpt-clean/rules/page_reader.hpp"

#include <string_view>

#include <unicode/uchar.h>

namespace gpt::clean {
namespace {

constexpr char32_t kLost = 0xFFFD;
constexpr char32_t kClosingQuote = 0x201D;

std::size_t length_of_lead(unsigned byte) {
  if (byte >= 0xC2 && byte <= 0xDF) return 2;
  if (byte >= 0xE0 && byte <= 0xEF) return 3;
  return byte >= 0xF0 && byte <= 0xF4 ? 4 : 0;
}

}  // namespace

PageReader::PageReader(const std::u32string& line, CodePage page) : line_(line), page_(page) {
  for (std::size_t at = 0; at < line.size();) {
    if (line[at] < 0x80) {
      ++at;
      continue;
    }
    const auto found = whole_sequence_at(at);
    if (found) leads_.set(byte_at(at));
    at += found ? found->count : 1;
  }
}

std::optional<MisreadSequence> PageReader::sequence_at(std::size_t at) const {
  if (auto whole = whole_sequence_at(at)) return whole;
  return damaged_sequence_at(at);
}

std::optional<MisreadSequence> PageReader::whole_sequence_at(std::size_t at) const {
  const unsigned lead = byte_at(at);
  const std::size_t length = length_of_lead(lead);
  if (length == 0) return std::nullopt;
  char32_t point = lead & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if (!continues(at + i)) return std::nullopt;
    point = point << 6 | (byte_at(at + i) & 0x3Fu);
  }
  if ((length == 3 && point < 0x800) || (length == 4 && point < 0x10000) || point > 0x10FFFF) {
    return std::nullopt;
  }
  if (point < 0xD800 || point > 0xDFFF) return MisreadSequence{length, std::u32string(1, point), true};
  return surrogate_pair_at(at, point);
}

// Both halves of a character beyond 16 bits, each written as a sequence of its own.
std::optional<MisreadSequence> PageReader::surrogate_pair_at(std::size_t at, char32_t high) const {
  if (high > 0xDBFF || byte_at(at + 3) != 0xED || !continues(at + 4) || !continues(at + 5))
    return std::nullopt;
  const char32_t low = 0xD000 | (byte_at(at + 4) & 0x3Fu) << 6 | (byte_at(at + 5) & 0x3Fu);
  if (low < 0xDC00 || low > 0xDFFF) return std::nullopt;
  return MisreadSequence{6, std::u32string(1, 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)), true};
}

std::optional<MisreadSequence> PageReader::damaged_sequence_at(std::size_t at) const {
  const unsigned lead = byte_at(at);
  const std::size_t length = length_of_lead(lead);
  if (length == 0) return std::nullopt;
  if (auto quote = closing_quote_at(at)) return quote;
  if (auto spaced = sequence_with_space_at(at, lead, length)) return spaced;
  return sequence_with_loss_at(at, length);
}

// Windows-1252 has no character for the last byte of U+201D, which is often dropped or replaced.
std::optional<MisreadSequence> PageReader::closing_quote_at(std::size_t at) const {
  if (page_ != CodePage::windows1252 && page_ != CodePage::windows1254) return std::nullopt;
  if (byte_at(at) != 0xE2 || byte_at(at + 1) != 0x80 || continues(at + 2)) return std::nullopt;
  return MisreadSequence{is_at(at + 2, kLost) ? std::size_t{3} : 2, std::u32string(1, kClosingQuote), false};
}

// The byte 0xA0, a no-break space where it was misread, is often made a plain space.
std::optional<MisreadSequence> PageReader::sequence_with_space_at(std::size_t at, unsigned lead,
                                                                  std::size_t length) const {
  if (!is_at(at + length - 1, U' ')) return std::nullopt;
  if (lead == 0xC2 || lead == 0xC3) {
    // a list of letters: "A Ã B"
    if (is_single_capital_at(at + 2)) return std::nullopt;
    if (at >= 2 && line_[at - 1] == U' ' && is_single_capital_at(at - 2) &&
        (at == 2 || line_[at - 3] == U' '))
      return std::nullopt;
    return lead == 0xC2 ? MisreadSequence{2, U" ", false} : a_grave_at(at);
  }

  if (!leads_.test(lead)) return std::nullopt;
  char32_t point = lead & (0x7Fu >> length);
  for (std::size_t i = 1; i + 1 < length; ++i) {
    if (!continues(at + i)) return std::nullopt;
    point = point << 6 | (byte_at(at + i) & 0x3Fu);
  }
  point = point << 6 | 0x20;
  if ((length == 3 && point < 0x800) || (length == 4 && point < 0x10000) || point > 0x10FFFF)
    return std::nullopt;
  if (point >= 0xD800 && point <= 0xDFFF) return std::nullopt;
  return MisreadSequence{length, std::u32string(1, point), false};
}

bool PageReader::is_single_capital_at(std::size_t at) const {
  return at < line_.size() && u_isupper(static_cast<UChar32>(line_[at])) &&
         (at + 1 == line_.size() || line_[at + 1] == U' ');
}

// "à": mostly the end of a word, so that its space stood for two; but Portuguese contracts it.
MisreadSequence PageReader::a_grave_at(std::size_t at) const {
  const std::u32string_view rest = std::u32string_view(line_).substr(at + 2);
  if (rest.starts_with(U' ')) return {2, U"\u00E0", false};
  for (const std::u32string_view ending : {U"s ", U"quele", U"quela", U"quilo"}) {
    if (rest.starts_with(ending)) return {2, U"\u00E0", false};
  }
  return {2, U"\u00E0 ", false};
}

// With U+FFFD for a byte that the page lacks: the character cannot be told, but where it ends can.
std::optional<MisreadSequence> PageReader::sequence_with_loss_at(std::size_t at, std::size_t length) const {
  bool lost = false;
  for (std::size_t i = 1; i < length; ++i) {
    if (is_at(at + i, kLost)) {
      lost = true;
    } else if (!continues(at + i)) {
      return std::nullopt;
    }
  }
  if (!lost) return std::nullopt;
  return MisreadSequence{length, std::u32string(1, kLost), false};
}

}  // namespace gpt::clean
