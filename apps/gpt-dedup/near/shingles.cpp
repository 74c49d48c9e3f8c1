#include "apps/gpt-dedup/near/shingles.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <string>

#include <unicode/uchar.h>
#include <xxhash.h>

#include "libcommon/text/utf8.hpp"

namespace gpt::dedup {
namespace {

// An ASCII run shorter than this is not worth leaving the general way for.
constexpr std::size_t kLeastAsciiRun = 64;
// Characters that the general way takes at once.
constexpr std::size_t kCharactersAtOnce = 512;

// Up to eight bytes, as a number, and how many they are: all bits of it count in the upper half of the
// result. Folding the 128 bits of a product lets high bits reach low ones, which a product alone does not.
std::uint64_t hash_word(std::uint64_t bytes, std::size_t length) {
  const auto product = static_cast<unsigned __int128>(bytes ^ (length * 0xD6E8FEB86659FD93)) *
                       std::uint64_t{0x9E3779B97F4A7C15};
  const auto folded = static_cast<std::uint64_t>(product >> 64U) ^ static_cast<std::uint64_t>(product);
  const std::uint64_t spread = folded * 0xC4CEB9FE1A85EC53;
  return spread ^ (spread >> 32U);
}

// The bits of the first bytes, 8 at most.
constexpr std::uint64_t mask_of(std::size_t length) {
  return length >= 8 ? ~std::uint64_t{0} : (std::uint64_t{1} << (8 * length)) - 1;
}
constexpr std::array<std::uint64_t, 9> kMasks = {mask_of(0), mask_of(1), mask_of(2), mask_of(3), mask_of(4),
                                                 mask_of(5), mask_of(6), mask_of(7), mask_of(8)};

// readable: bytes from begin to the end of the text, at least length.
std::uint64_t hash_bytes(const char* begin, std::size_t length, std::size_t readable) {
  if (length > 8) return XXH3_64bits(begin, length);
  std::uint64_t bytes = 0;
  if (readable >= 8)
    std::memcpy(&bytes, begin, 8);
  else
    std::memcpy(&bytes, begin, length);
  return hash_word(bytes & mask_of(length), length);
}

std::size_t ascii_front(std::string_view text) {
  std::size_t at = 0;
  for (std::uint64_t eight = 0; at + 8 <= text.size(); at += 8) {
    std::memcpy(&eight, text.data() + at, 8);
    if ((eight & 0x8080808080808080) != 0) break;
  }
  while (at < text.size() && static_cast<unsigned char>(text[at]) < 0x80) ++at;
  return at;
}

bool begins_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80; }

bool belongs_to_word(char32_t point) {
  if (point < 0x80)
    return (point >= '0' && point <= '9') || (point >= 'A' && point <= 'Z') ||
           (point >= 'a' && point <= 'z') || point == '_';
  return (U_GET_GC_MASK(static_cast<UChar32>(point)) & (U_GC_L_MASK | U_GC_N_MASK | U_GC_M_MASK)) != 0;
}

// The hashes of a text's words, folded to one case.
void collect_words(std::string_view text, std::vector<std::uint64_t>& words) {
  std::string word;
  const auto finish = [&] {
    if (!word.empty()) words.push_back(XXH3_64bits(word.data(), word.size()));
    word.clear();
  };
  text::for_each_code_point(text, [&](char32_t point, std::size_t, std::size_t) {
    if (!belongs_to_word(point)) return finish();
    text::append_utf8(word,
                      static_cast<char32_t>(u_foldCase(static_cast<UChar32>(point), U_FOLD_CASE_DEFAULT)));
  });
  finish();
}

}  // namespace

Shingler::Shingler(const ShingleOptions& options)
    : length_(static_cast<std::size_t>(options.length)),
      unit_(options.unit),
      block_(kBlock),
      begins_(kCharactersAtOnce + length_ + 1) {
  if (options.form == ShingleForm::folded) folder_.emplace();
}

void Shingler::start(std::string_view text) {
  text_ = folder_ ? folder_->fold(text) : text;
  at_ = 0;
  at_end_ = text_.empty();
}

std::span<const std::uint64_t> Shingler::next_block() {
  if (at_end_) return {};
  if (unit_ == ShingleUnit::words) return hash_words();
  const std::size_t ascii = ascii_front(text_.substr(at_, kBlock + length_ - 1));
  const bool long_run =
      ascii >= length_ && (ascii >= kLeastAsciiRun + length_ || at_ + ascii == text_.size());
  return std::span(block_).first(long_run ? hash_ascii(ascii) : hash_characters());
}

// The shingles that lie in so many ASCII characters.
std::size_t Shingler::hash_ascii(std::size_t characters) {
  const std::size_t count = characters - length_ + 1;
  const char* const begin = text_.data() + at_;
  std::size_t i = 0;
  if (length_ <= 8) {
    const std::uint64_t mask = mask_of(length_);
    const std::size_t readable = text_.size() - at_;
    const std::size_t whole = readable < 8 ? 0 : std::min(count, readable - 7);
    for (; i < whole; ++i) {
      std::uint64_t bytes = 0;
      std::memcpy(&bytes, begin + i, 8);
      block_[i] = hash_word(bytes & mask, length_);
    }
  }
  for (; i < count; ++i) block_[i] = hash_bytes(begin + i, length_, text_.size() - at_ - i);
  at_end_ = at_ + characters == text_.size();
  at_ += count;
  return count;
}

// The shingles that begin with the next characters, of any length in bytes.
std::size_t Shingler::hash_characters() {
  const std::size_t most = kCharactersAtOnce + length_;
  std::size_t found = 0;
  std::size_t end = at_;
  for (; end < text_.size() && found < most; ++end) {
    begins_[found] = static_cast<std::uint32_t>(end - at_);
    found += begins_character(text_[end]) ? 1 : 0;
  }
  if (found < most || end == text_.size()) {
    end = text_.size();
    begins_[found++] = static_cast<std::uint32_t>(end - at_);
    at_end_ = true;
  }
  const char* const begin = text_.data() + at_;
  const std::size_t readable = text_.size() - at_;
  if (found <= length_) {  // the whole of a short text
    block_[0] = hash_bytes(begin, readable, readable);
    return 1;
  }
  const std::size_t count = found - length_;
  std::size_t i = 0;
  for (; i < count && begins_[i] + std::size_t{8} <= readable; ++i) {
    const std::size_t length = begins_[i + length_] - begins_[i];
    if (length > 8) {
      block_[i] = XXH3_64bits(begin + begins_[i], length);
      continue;
    }
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, begin + begins_[i], 8);
    block_[i] = hash_word(bytes & kMasks[length], length);
  }
  for (; i < count; ++i)
    block_[i] = hash_bytes(begin + begins_[i], begins_[i + length_] - begins_[i], readable - begins_[i]);
  at_ += begins_[count];
  return count;
}

std::span<const std::uint64_t> Shingler::hash_words() {
  at_end_ = true;
  words_.clear();
  collect_words(text_, words_);
  hashes_.clear();
  if (words_.empty()) return hashes_;
  const std::size_t window = std::min(words_.size(), length_);
  for (std::size_t i = 0; i + window <= words_.size(); ++i)
    hashes_.push_back(XXH3_64bits(words_.data() + i, window * sizeof(std::uint64_t)));
  return hashes_;
}

std::span<const std::uint64_t> Shingler::hashes(std::string_view text) {
  start(text);
  if (unit_ == ShingleUnit::words) return next_block();
  hashes_.clear();
  for (auto block = next_block(); !block.empty(); block = next_block())
    hashes_.insert(hashes_.end(), block.begin(), block.end());
  return hashes_;
}

}  // namespace gpt::dedup
