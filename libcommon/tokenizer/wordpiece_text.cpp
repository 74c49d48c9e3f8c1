#include "libcommon/tokenizer/wordpiece_text.hpp"

#include <stdexcept>

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include "libcommon/text/utf8.hpp"

namespace gpt::tokenizer {
namespace {

// The blocks that BERT takes for Chinese, with the gap at U+2B820 that all its vocabularies were made with.
bool is_chinese(char32_t point) {
  return (point >= 0x4E00 && point <= 0x9FFF) || (point >= 0x3400 && point <= 0x4DBF) ||
         (point >= 0x20000 && point <= 0x2A6DF) || (point >= 0x2A700 && point <= 0x2B73F) ||
         (point >= 0x2B740 && point <= 0x2B81F) || (point >= 0x2B920 && point <= 0x2CEAF) ||
         (point >= 0xF900 && point <= 0xFAFF) || (point >= 0x2F800 && point <= 0x2FA1F);
}

bool is_punctuation(char32_t point) {
  if (point < 0x80)
    return (point >= 33 && point <= 47) || (point >= 58 && point <= 64) || (point >= 91 && point <= 96) ||
           (point >= 123 && point <= 126);
  return (U_GET_GC_MASK(static_cast<UChar32>(point)) & U_GC_P_MASK) != 0;
}

bool is_space(char32_t point) { return u_isUWhiteSpace(static_cast<UChar32>(point)) != 0; }

bool is_dropped(char32_t point) {
  if (point == '\t' || point == '\n' || point == '\r') return false;
  constexpr auto kDropped = U_GC_CC_MASK | U_GC_CF_MASK | U_GC_CO_MASK;  // unassigned code points stay
  return point == text::kReplacement || (U_GET_GC_MASK(static_cast<UChar32>(point)) & kDropped) != 0;
}

const icu::Normalizer2& decomposition() {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* found = icu::Normalizer2::getNFDInstance(status);
  if (U_FAILURE(status))
    throw std::runtime_error(std::string("cannot load the decomposition data: ICU says ") +
                             u_errorName(status));
  return *found;
}

}  // namespace

WordPieceText::WordPieceText(LetterCase letter_case)
    : letter_case_(letter_case), kinds_(ascii_kinds()), lowered_(256) {
  for (int byte = 0; byte < 256; ++byte) {
    const bool capital = byte >= 'A' && byte <= 'Z' && letter_case == LetterCase::lowered;
    lowered_[static_cast<std::size_t>(byte)] = static_cast<char>(capital ? byte + ('a' - 'A') : byte);
  }
}

std::vector<WordPieceText::Kind> WordPieceText::ascii_kinds() {
  std::vector<Kind> kinds(256, Kind::beyond_ascii);
  for (char32_t point = 0; point < 0x80; ++point) {
    kinds[point] = is_dropped(point)       ? Kind::dropped
                   : is_space(point)       ? Kind::space
                   : is_punctuation(point) ? Kind::punctuation
                                           : Kind::word;
  }
  return kinds;
}

void WordPieceText::add_space() { parts_.push_back({Kind::space, 0, {}}); }

void WordPieceText::add_part(char32_t point) {
  if (letter_case_ == LetterCase::lowered) {
    if (u_charType(static_cast<UChar32>(point)) == U_NON_SPACING_MARK) return;
    point = static_cast<char32_t>(u_tolower(static_cast<UChar32>(point)));
  }
  if (is_space(point)) return add_space();
  std::string bytes;
  text::append_utf8(bytes, point);
  Part part{
      is_punctuation(point) ? Kind::punctuation : Kind::word, static_cast<std::uint8_t>(bytes.size()), {}};
  bytes.copy(part.bytes, sizeof part.bytes);
  parts_.push_back(part);
}

std::size_t WordPieceText::decompose(std::string_view text, std::size_t at) {
  const text::DecodedPoint decoded = text::decode_utf8(text.substr(at));
  parts_.clear();
  if (!decoded.valid || is_dropped(decoded.point)) return decoded.length;
  const bool alone = is_chinese(decoded.point);
  if (alone) add_space();
  icu::UnicodeString expanded;
  if (letter_case_ == LetterCase::lowered &&
      decomposition().getDecomposition(static_cast<UChar32>(decoded.point), expanded)) {
    for (std::int32_t i = 0; i < expanded.length(); i = expanded.moveIndex32(i, 1))
      add_part(static_cast<char32_t>(expanded.char32At(i)));
  } else {
    add_part(decoded.point);
  }
  if (alone) add_space();
  return decoded.length;
}

}  // namespace gpt::tokenizer
