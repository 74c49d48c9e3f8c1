#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "libcommon/text/prefix_list.hpp"

namespace gpt::tokenizer {

// Whether the name of a special token inside a text is that token, or text as any other.
enum class SpecialTokens { are_text, are_recognized };

// A token that a tokenizer.json lists under "added_tokens": found in the text before it is cut into pieces.
struct AddedToken {
  std::string content;
  std::uint32_t id = 0;
  bool special = false;      // text, unless special tokens are recognised
  bool normalized = false;   // looked for in the normalised text, not in the text as it came
  bool single_word = false;  // only where no letter, digit or _ stands beside it
  bool takes_left = false;   // with the white space before it
  bool takes_right = false;  // and behind it
};

// Finds added tokens in texts: of those that begin at the first place where any does, the longest.
class AddedTokens {
 public:
  enum class In { raw, normalized };

  void add(AddedToken token);

  bool has_any(In in, SpecialTokens special) const { return counts_[index(in, special)] != 0; }
  bool contains(std::uint32_t id) const { return ids_.contains(id); }

  // Calls between(text) and token(id) in the order of the text, valid UTF-8; between never with an empty
  // text.
  template <class Between, class Token>
  void cut(std::string_view text, In in, SpecialTokens special, Between between, Token token) const {
    std::size_t begin = 0;
    while (const Match match = find(text, begin, in, special)) {
      if (match.begin > begin) between(text.substr(begin, match.begin - begin));
      token(match.token->id);
      begin = match.end;
    }
    if (begin < text.size()) between(text.substr(begin));
  }

 private:
  struct Match {
    const AddedToken* token = nullptr;
    std::size_t begin = 0;
    std::size_t end = 0;
    explicit operator bool() const { return token != nullptr; }
  };

  static std::size_t index(In in, SpecialTokens special) {
    return (in == In::raw ? 0U : 2U) + (special == SpecialTokens::are_text ? 0U : 1U);
  }
  // Tokens that are looked for in the same text.
  struct Group {
    std::unordered_map<std::string, AddedToken, text::StringHash, std::equal_to<>> by_content;
    std::vector<std::size_t> lengths;  // of their contents in bytes, each once, longest first
    std::array<bool, 256> begins{};    // first bytes
  };

  Match find(std::string_view text, std::size_t from, In in, SpecialTokens special) const;
  static const AddedToken* longest_at(const Group& group, std::string_view text, std::size_t at);

  std::array<Group, 2> groups_;  // by In
  std::unordered_set<std::uint32_t> ids_;
  std::array<std::size_t, 4> counts_{};
};

}  // namespace gpt::tokenizer
