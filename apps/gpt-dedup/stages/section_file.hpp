#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "libcommon/io/mapped_file.hpp"
#include "libcommon/io/output_file.hpp"

struct XXH3_state_s;

namespace gpt::dedup {

// Files of the stages: eight bytes that say the kind, the length of a JSON object as 8 bytes, the object,
// then arrays of numbers, little-endian, each beginning at a multiple of 8; at the end a checksum of each
// array, how many they are, and a checksum of the beginning and of these.

// XXH3 of bytes that come by parts.
class RunningChecksum {
 public:
  RunningChecksum();
  void add(std::string_view bytes);
  std::uint64_t value() const;
  void restart();

 private:
  struct Free {
    void operator()(XXH3_state_s* state) const;
  };
  std::unique_ptr<XXH3_state_s, Free> state_;
};

class SectionWriter {
 public:
  SectionWriter(io::OutputFile& output, std::string_view kind, std::string header);

  // An array may be written by parts; end_section follows the last.
  template <class T>
  void write(std::span<const T> numbers) {
    put({reinterpret_cast<const char*>(numbers.data()), numbers.size_bytes()});
  }
  void end_section();
  template <class T>
  void section(std::span<const T> numbers) {
    write(numbers);
    end_section();
  }
  // Call once, after the last array.
  void finish();

 private:
  void put(std::string_view bytes);

  io::OutputFile& output_;
  std::string beginning_;
  RunningChecksum checksum_;
  std::uint64_t written_ = 0;  // of the section
  std::vector<std::uint64_t> sections_;
};

// Reads such a file, section after section.
class SectionReader {
 public:
  // Checks the beginning and the end. Throws io::DataError where it is of another kind, or damaged.
  SectionReader(const io::MappedFile& file, std::string_view kind);

  std::string_view header() const { return header_; }
  // Stands for all that the file holds.
  std::uint64_t fingerprint() const { return fingerprint_; }

  // The next array, its bytes unread. Throws io::DataError where the file is too short for it.
  template <class T>
  std::span<const T> section(std::uint64_t count) {
    if (count > (end_ - at_) / sizeof(T)) refuse();
    const std::span<const T> numbers(reinterpret_cast<const T*>(file_.bytes().data() + at_), count);
    pass_over(numbers.size_bytes());
    return numbers;
  }
  void expect_end() const;

  // The sums that the bytes of the arrays must have, in their order.
  std::span<const std::uint64_t> checksums() const { return checksums_; }

 private:
  void pass_over(std::size_t bytes);
  [[noreturn]] void refuse() const;

  const io::MappedFile& file_;
  std::string_view header_;
  std::span<const std::uint64_t> checksums_;
  std::uint64_t fingerprint_ = 0;
  std::size_t at_ = 0;
  std::size_t end_ = 0;  // of the arrays
  std::size_t passed_ = 0;
};

// Throws io::DataError where the bytes of an array, as SectionReader gave it, do not have that checksum.
void verify_section_or_throw(const io::MappedFile& file, std::span<const std::byte> section,
                             std::uint64_t checksum);

// Stands for several files in their order.
std::uint64_t fingerprint_of(std::span<const std::uint64_t> fingerprints);

}  // namespace gpt::dedup
