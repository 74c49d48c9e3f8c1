#include "apps/gpt-bpe-train/count/word_count_file.hpp"

#include <algorithm>
#include <span>

#include <xxhash.h>

#include "libcommon/io/errors.hpp"

namespace gpt::bpe_train {
namespace {

constexpr std::string_view kMagic = "gptwords";
constexpr std::uint64_t kVersion = 1;
constexpr std::size_t kBlockBytes = std::size_t{1} << 16;
constexpr std::size_t kMostHeaderBytes = std::size_t{1} << 24;

std::uint64_t checksum_of(std::string_view bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }

// Little-endian.
void append_number(std::string& out, std::uint64_t value, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) out += static_cast<char>(value >> 8 * i & 0xFF);
}

// Seven bits a byte, the lowest first; all but the last byte have the highest bit.
void append_varint(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out += static_cast<char>((value & 0x7F) | 0x80);
  out += static_cast<char>(value);
}

// Size, checksum, bytes.
std::string framed(std::string_view bytes) {
  std::string out;
  append_number(out, bytes.size(), 4);
  append_number(out, checksum_of(bytes), 8);
  return out.append(bytes);
}

}  // namespace

WordCountWriter::WordCountWriter(const std::string& path, io::Existing existing, const CountsSummary& summary)
    : file_(path, existing) {
  std::string magic(kMagic);
  append_number(magic, kVersion, 4);
  file_.write_or_throw(magic);
  file_.write_or_throw(framed(summary_json(summary)));
}

void WordCountWriter::add_or_throw(const WordCount& word) {
  const auto differs =
      std::mismatch(word.word.begin(), word.word.end(), previous_.begin(), previous_.end()).first;
  const auto shared = static_cast<std::size_t>(differs - word.word.begin());
  append_varint(block_, shared);
  append_varint(block_, word.word.size() - shared);
  block_ += word.word.substr(shared);
  append_varint(block_, word.count);
  previous_ = word.word;
  ++words_;
  total_ += word.count;
  if (block_.size() >= kBlockBytes) end_block_or_throw();
}

void WordCountWriter::add_all_or_throw(SortedWords& words) {
  while (const auto word = words.next_or_throw()) add_or_throw(*word);
}

void WordCountWriter::end_block_or_throw() {
  file_.write_or_throw(framed(block_));
  block_.clear();
}

void WordCountWriter::commit_or_throw() {
  if (!block_.empty()) end_block_or_throw();
  std::string end;
  append_number(end, words_, 8);
  append_number(end, total_, 8);
  file_.write_or_throw(framed(""));
  file_.write_or_throw(framed(end));
  file_.commit_or_throw();
}

WordCountReader::WordCountReader(std::unique_ptr<io::ByteSource> source) : source_(std::move(source)) {
  read_header_or_throw();
}

void WordCountReader::refuse(const std::string& reason) const {
  throw io::DataError(source_->name(), reason);
}

void WordCountReader::read_or_throw(std::string& into, std::size_t size) {
  into.clear();
  // In steps, so that a damaged size does not ask for all memory.
  while (into.size() < size) {
    const std::size_t had = into.size();
    into.resize(std::min(size, had + (std::size_t{1} << 20)));
    const std::size_t got = source_->read_or_throw(std::span(into).subspan(had));
    if (got == 0) refuse("the word counts end early: the file is cut short");
    into.resize(had + got);
  }
}

std::uint64_t WordCountReader::read_number_or_throw(std::size_t size) {
  read_or_throw(number_, size);
  std::uint64_t value = 0;
  for (std::size_t i = size; i-- > 0;) value = value << 8 | static_cast<unsigned char>(number_[i]);
  return value;
}

void WordCountReader::read_header_or_throw() {
  read_or_throw(number_, kMagic.size());
  if (number_ != kMagic) refuse("is no file of word counts, as --counts-out writes it");
  if (const auto version = read_number_or_throw(4); version != kVersion) {
    refuse("is of version " + std::to_string(version) + " of the word counts' format, but only version " +
           std::to_string(kVersion) + " is known here");
  }
  const std::uint64_t size = read_number_or_throw(4);
  const std::uint64_t checksum = read_number_or_throw(8);
  if (size > kMostHeaderBytes) refuse("the header of the word counts is damaged");
  read_or_throw(block_, size);
  if (checksum_of(block_) != checksum) refuse("the header of the word counts is damaged");
  summary_ = parse_summary_or_throw(source_->name(), block_);
  at_ = block_.size();
}

bool WordCountReader::read_block_or_throw() {
  const std::uint64_t size = read_number_or_throw(4);
  const std::uint64_t checksum = read_number_or_throw(8);
  read_or_throw(block_, size);
  at_ = 0;
  if (checksum_of(block_) != checksum)
    refuse("the word counts are damaged behind word " + std::to_string(words_) + ": the checksum differs");
  if (size != 0) return true;
  read_end_or_throw();
  return false;
}

void WordCountReader::read_end_or_throw() {
  if (read_number_or_throw(4) != 16) refuse("the end of the word counts is damaged");
  const std::uint64_t checksum = read_number_or_throw(8);
  std::string end;
  read_or_throw(end, 16);
  std::string wanted;
  append_number(wanted, words_, 8);
  append_number(wanted, total_, 8);
  if (checksum_of(end) != checksum || end != wanted) {
    refuse("the word counts are incomplete: there are " + std::to_string(words_) +
           " words, and the end of the file names others");
  }
  char more = 0;
  if (source_->read_or_throw(std::span(&more, 1)) != 0) refuse("goes on behind the end of the word counts");
  at_end_ = true;
}

std::uint64_t WordCountReader::take_varint_or_throw() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 63; shift += 7) {
    if (at_ == block_.size()) break;
    const auto byte = static_cast<unsigned char>(block_[at_++]);
    value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
    if (byte < 0x80) return value;
  }
  refuse("word " + std::to_string(words_ + 1) + " of the word counts is damaged");
}

std::optional<WordCount> WordCountReader::next_or_throw() {
  if (at_end_ || (at_ == block_.size() && !read_block_or_throw())) return std::nullopt;
  const std::uint64_t shared = take_varint_or_throw();
  const std::uint64_t size = take_varint_or_throw();
  if (shared > word_.size() || size > block_.size() - at_)
    refuse("word " + std::to_string(words_ + 1) + " of the word counts is damaged");
  const std::string_view suffix = std::string_view(block_).substr(at_, size);
  // Behind the shared bytes, or it would not be the next word.
  if (words_ != 0 && suffix <= std::string_view(word_).substr(shared))
    refuse("the words of the word counts are not in order at word " + std::to_string(words_ + 1));
  word_.resize(shared);
  word_ += suffix;
  at_ += size;
  const std::uint64_t count = take_varint_or_throw();
  total_ += count;
  if (word_.empty() || count == 0 || total_ > INT64_MAX)
    refuse("word " + std::to_string(words_ + 1) + " of the word counts is damaged");
  ++words_;
  return WordCount{word_, count};
}

}  // namespace gpt::bpe_train
