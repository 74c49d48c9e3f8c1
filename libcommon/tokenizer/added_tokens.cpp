#include "libcommon/tokenizer/added_tokens.hpp"

#include <algorithm>
#include <functional>

#include <unicode/uchar.h>

#include "libcommon/text/utf8.hpp"

namespace gpt::tokenizer {
namespace {

// \w: letters, marks, decimal numbers, connectors, and the letters among numbers and symbols.
bool is_word(char32_t point) {
  const auto c = static_cast<UChar32>(point);
  return u_hasBinaryProperty(c, UCHAR_ALPHABETIC) != 0 || u_hasBinaryProperty(c, UCHAR_JOIN_CONTROL) != 0 ||
         (U_GET_GC_MASK(c) & (U_GC_M_MASK | U_GC_ND_MASK | U_GC_PC_MASK)) != 0;
}
bool is_space(char32_t point) { return u_isUWhiteSpace(static_cast<UChar32>(point)) != 0; }

// Where the code point before `at` begins; at > 0.
std::size_t previous(std::string_view text, std::size_t at) {
  --at;
  while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0u) == 0x80) --at;
  return at;
}

bool stands_alone(std::string_view text, std::size_t begin, std::size_t end) {
  if (begin > 0 && is_word(text::decode_utf8(text.substr(previous(text, begin))).point)) return false;
  return end == text.size() || !is_word(text::decode_utf8(text.substr(end)).point);
}

}  // namespace

void AddedTokens::add(AddedToken token) {
  if (token.content.empty()) return;
  const In in = token.normalized ? In::normalized : In::raw;
  if (!token.special) ++counts_[index(in, SpecialTokens::are_text)];
  ++counts_[index(in, SpecialTokens::are_recognized)];
  ids_.insert(token.id);
  Group& group = groups_[static_cast<std::size_t>(in)];
  group.begins[static_cast<unsigned char>(token.content.front())] = true;
  const std::size_t length = token.content.size();
  const auto place = std::lower_bound(group.lengths.begin(), group.lengths.end(), length, std::greater<>{});
  if (place == group.lengths.end() || *place != length) group.lengths.insert(place, length);
  std::string content = token.content;
  group.by_content.insert_or_assign(std::move(content), std::move(token));
}

const AddedToken* AddedTokens::longest_at(const Group& group, std::string_view text, std::size_t at) {
  for (const std::size_t length : group.lengths) {
    if (length > text.size() - at) continue;
    const auto found = group.by_content.find(text.substr(at, length));
    if (found != group.by_content.end()) return &found->second;
  }
  return nullptr;
}

AddedTokens::Match AddedTokens::find(std::string_view text, std::size_t from, In in,
                                     SpecialTokens special) const {
  const Group& group = groups_[static_cast<std::size_t>(in)];
  for (std::size_t at = from; at < text.size();) {
    const AddedToken* const token =
        group.begins[static_cast<unsigned char>(text[at])] ? longest_at(group, text, at) : nullptr;
    if (token == nullptr) {
      ++at;
      continue;
    }
    Match match{token, at, at + token->content.size()};
    const bool is_text = token->special && special == SpecialTokens::are_text;
    if (is_text || (token->single_word && !stands_alone(text, match.begin, match.end))) {
      at = match.end;  // what it covers is not searched again
      continue;
    }
    while (token->takes_left && match.begin > from) {
      const std::size_t before = previous(text, match.begin);
      if (!is_space(text::decode_utf8(text.substr(before)).point)) break;
      match.begin = before;
    }
    while (token->takes_right && match.end < text.size()) {
      const auto after = text::decode_utf8(text.substr(match.end));
      if (!is_space(after.point)) break;
      match.end += after.length;
    }
    return match;
  }
  return {};
}

}  // namespace gpt::tokenizer
