#include "apps/gpt-dedup/stages/section_file.hpp"

#include <cstring>

#include <xxhash.h>

#include "libcommon/io/errors.hpp"

namespace gpt::dedup {
namespace {

// At the end: how many arrays there are, and a checksum.
constexpr std::size_t kEndBytes = 16;

std::string_view as_bytes(std::span<const std::uint64_t> numbers) {
  return {reinterpret_cast<const char*>(numbers.data()), numbers.size_bytes()};
}

std::uint64_t number_at(std::string_view text, std::size_t at) {
  std::uint64_t number = 0;
  std::memcpy(&number, text.data() + at, sizeof number);
  return number;
}

}  // namespace

RunningChecksum::RunningChecksum() : state_(XXH3_createState()) { restart(); }
void RunningChecksum::Free::operator()(XXH3_state_s* state) const { XXH3_freeState(state); }
void RunningChecksum::add(std::string_view bytes) {
  XXH3_64bits_update(state_.get(), bytes.data(), bytes.size());
}
std::uint64_t RunningChecksum::value() const { return XXH3_64bits_digest(state_.get()); }
void RunningChecksum::restart() { XXH3_64bits_reset(state_.get()); }

SectionWriter::SectionWriter(io::OutputFile& output, std::string_view kind, std::string header)
    : output_(output), beginning_(kind) {
  header.resize((header.size() + 7) / 8 * 8, ' ');
  const std::uint64_t length = header.size();
  beginning_.append(as_bytes(std::span(&length, 1))).append(header);
  output_.write_or_throw(beginning_);
}

void SectionWriter::put(std::string_view bytes) {
  output_.write_or_throw(bytes);
  checksum_.add(bytes);
  written_ += bytes.size();
}

void SectionWriter::end_section() {
  static constexpr std::string_view kZeros("\0\0\0\0\0\0\0", 7);
  put(kZeros.substr(0, (8 - written_ % 8) % 8));
  sections_.push_back(checksum_.value());
  checksum_.restart();
  written_ = 0;
}

void SectionWriter::finish() {
  sections_.push_back(sections_.size());
  checksum_.add(beginning_);
  checksum_.add(as_bytes(sections_));
  sections_.push_back(checksum_.value());
  output_.write_or_throw(as_bytes(sections_));
}

SectionReader::SectionReader(const io::MappedFile& file, std::string_view kind) : file_(file) {
  const auto bytes = file.bytes();
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (text.size() < 16 || text.substr(0, 8) != kind)
    throw io::DataError(file.path(), "is no file of that stage, or one of another version");
  const std::uint64_t length = number_at(text, 8);
  if (text.size() % 8 != 0 || length % 8 != 0 || text.size() - 16 < kEndBytes ||
      length > text.size() - 16 - kEndBytes)
    refuse();
  header_ = text.substr(16, length);
  at_ = 16 + length;
  const std::size_t last = text.size() - kEndBytes;
  const std::uint64_t sections = number_at(text, last);
  if (sections > (last - at_) / 8) refuse();
  end_ = last - sections * 8;
  fingerprint_ = number_at(text, last + 8);
  RunningChecksum checksum;
  checksum.add(text.substr(0, at_));
  checksum.add(text.substr(end_, sections * 8 + 8));
  if (checksum.value() != fingerprint_) refuse();
  checksums_ = {reinterpret_cast<const std::uint64_t*>(bytes.data() + end_), sections};
}

void SectionReader::pass_over(std::size_t bytes) {
  at_ = (at_ + bytes + 7) / 8 * 8;
  ++passed_;
  if (at_ > end_ || passed_ > checksums_.size()) refuse();
}

void SectionReader::expect_end() const {
  if (at_ != end_ || passed_ != checksums_.size()) refuse();
}

void SectionReader::refuse() const {
  throw io::DataError(file_.path(), "is damaged or cut short: run its stage again");
}

void verify_section_or_throw(const io::MappedFile& file, std::span<const std::byte> section,
                             std::uint64_t checksum) {
  const std::size_t padded = (section.size() + 7) / 8 * 8;
  if (XXH3_64bits(section.data(), padded) != checksum)
    throw io::DataError(file.path(), "is damaged: run its stage again");
}

std::uint64_t fingerprint_of(std::span<const std::uint64_t> fingerprints) {
  return XXH3_64bits(fingerprints.data(), fingerprints.size_bytes());
}

}  // namespace gpt::dedup
