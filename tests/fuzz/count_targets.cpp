// Files of word counts: as they lie on the disk, and behind their checksums.
#include <algorithm>
#include <cstring>
#include <memory>
#include <stdexcept>

#include <xxhash.h>

#include "apps/gpt-bpe-train/count/word_count_file.hpp"
#include "libcommon/io/errors.hpp"
#include "tests/fuzz/targets.hpp"

namespace gpt::fuzz {
namespace {

class MemorySource : public io::ByteSource {
 public:
  explicit MemorySource(std::string bytes) : ByteSource("counts"), bytes_(std::move(bytes)) {}
  std::size_t read_or_throw(std::span<char> buffer) override {
    const std::size_t count = std::min(buffer.size(), bytes_.size() - at_);
    std::memcpy(buffer.data(), bytes_.data() + at_, count);
    at_ += count;
    return count;
  }

 private:
  std::string bytes_;
  std::size_t at_ = 0;
};

// Promises of word counts that were accepted: words in order, each seen, all together below 2^63.
bool read_counts(const std::string& bytes) {
  try {
    bpe_train::WordCountReader reader(std::make_unique<MemorySource>(bytes));
    std::string previous;
    std::uint64_t total = 0;
    while (const auto word = reader.next_or_throw()) {
      if (word->word <= previous || word->count == 0) throw std::logic_error("words are not in order");
      previous = word->word;
      total += word->count;
      if (total >> 63 != 0) throw std::logic_error("counts exceed 2^63");
    }
  } catch (const io::DataError&) {
    return false;
  }
  return true;
}

std::string number(std::uint64_t value, std::size_t size) {
  std::string out;
  for (std::size_t i = 0; i < size; ++i) out += static_cast<char>(value >> 8 * i & 0xFF);
  return out;
}

std::string framed(const std::string& bytes) {
  return number(bytes.size(), 4) + number(XXH3_64bits(bytes.data(), bytes.size()), 8) + bytes;
}

// A file with right checksums of a header, a line end, a block of words and the 16 bytes of the end.
std::string file_of(const std::string& parts) {
  const std::size_t line_end = std::min(parts.find('\n'), parts.size());
  std::string words = parts.substr(std::min(line_end + 1, parts.size()));
  const std::string end = words.substr(words.size() - std::min<std::size_t>(16, words.size()));
  words.resize(words.size() - end.size());
  return "gptwords" + number(1, 4) + framed(parts.substr(0, line_end)) +
         (words.empty() ? "" : framed(words)) + framed("") + framed(end);
}

std::string good_parts() {
  bpe_train::CountsSummary summary;
  summary.shares = {{7, {1, 4}}};
  const std::string words("\0\1a\1\1\1b\xAC\2\0\1b\2", 13);  // a 1, ab 300, b 2
  return bpe_train::summary_json(summary) + "\n" + words + number(3, 8) + number(303, 8);
}

}  // namespace

std::vector<Target> all_targets() {
  const std::vector<std::string> words = {std::string(8, '\0'),
                                          std::string(4, '\xff'),
                                          "gptwords",
                                          "\"rank\":",
                                          "18446744073709551615",
                                          "\xff\xff\xff\xff\x7f",
                                          "\1\1b\1",
                                          "{",
                                          "}",
                                          "\n"};
  return {{"word_counts", {file_of(good_parts())}, words, read_counts},
          {"word_counts_inside", {good_parts()}, words, [](const std::string& parts) {
             return read_counts(file_of(parts));
           }}};
}

}  // namespace gpt::fuzz
