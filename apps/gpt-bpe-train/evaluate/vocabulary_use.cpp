#include "apps/gpt-bpe-train/evaluate/vocabulary_use.hpp"

#include <algorithm>
#include <string_view>

#include "libcommon/text/utf8.hpp"

namespace gpt::bpe_train {
namespace {

std::string readable(std::string_view bytes) {
  std::string out;
  while (!bytes.empty()) {
    const text::DecodedPoint decoded = text::decode_utf8(bytes);
    const std::string_view piece = bytes.substr(0, decoded.length);
    bytes.remove_prefix(decoded.length);
    if (decoded.valid) {
      out += piece;
      continue;
    }
    constexpr char kDigits[] = "0123456789abcdef";
    for (const char c : piece) {
      const auto byte = static_cast<unsigned char>(c);
      out.append("\\x").append(1, kDigits[byte >> 4]).append(1, kDigits[byte & 15]);
    }
  }
  return out;
}

TokenUse token_use(const tokenizer::Tokenizer& tokenizer, tokenizer::TokenId id, std::uint64_t uses) {
  const std::string_view bytes = tokenizer.token_bytes(id);
  return {id, readable(bytes), text::count_code_points(bytes), uses};
}

}  // namespace

VocabularyUse vocabulary_use(const tokenizer::Tokenizer& tokenizer, std::span<const std::uint64_t> uses,
                             std::size_t listed) {
  VocabularyUse use;
  use.entries = tokenizer.vocabulary_size();
  std::vector<std::pair<std::size_t, tokenizer::TokenId>> used;  // characters, id
  for (tokenizer::TokenId id = 0; id < use.entries; ++id) {
    if (uses[id] != 0) {
      used.emplace_back(text::count_code_points(tokenizer.token_bytes(id)), id);
      continue;
    }
    if (use.unreached++ < listed) use.first_unreached.push_back(token_use(tokenizer, id, 0));
  }
  const auto end = used.begin() + static_cast<std::ptrdiff_t>(std::min(listed, used.size()));
  std::partial_sort(used.begin(), end, used.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : a.second < b.second;
  });
  for (auto at = used.begin(); at != end; ++at)
    use.longest.push_back(token_use(tokenizer, at->second, uses[at->second]));
  return use;
}

}  // namespace gpt::bpe_train
