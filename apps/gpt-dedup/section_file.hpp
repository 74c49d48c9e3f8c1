#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "libcommon/io/errors.hpp"
#include "libcommon/io/mapped_file.hpp"
#include "libcommon/io/output_file.hpp"

namespace gpt::dedup {

// Files of the stages: eight bytes that say the kind, the length of a JSON object as 8 bytes, the object,
// then arrays of numbers, little-endian, each beginning at a multiple of 8.

class SectionWriter {
 public:
  SectionWriter(io::OutputFile& output, std::string_view kind, std::string header) : output_(output) {
    header.resize((header.size() + 7) / 8 * 8, ' ');
    const std::uint64_t length = header.size();
    output_.write_or_throw(kind);
    section(std::span(&length, 1));
    output_.write_or_throw(header);
  }

  // An array may be written by parts; end_section follows the last.
  template <class T>
  void write(std::span<const T> numbers) {
    output_.write_or_throw({reinterpret_cast<const char*>(numbers.data()), numbers.size_bytes()});
    written_ += numbers.size_bytes();
  }
  void end_section() {
    static constexpr std::string_view kZeros("\0\0\0\0\0\0\0", 7);
    output_.write_or_throw(kZeros.substr(0, (8 - written_ % 8) % 8));
    written_ = 0;
  }
  template <class T>
  void section(std::span<const T> numbers) {
    written_ = 0;
    write(numbers);
    end_section();
  }

 private:
  io::OutputFile& output_;
  std::uint64_t written_ = 0;  // of the section
};

// Reads such a file, section after section.
class SectionReader {
 public:
  // Throws io::DataError where it is of another kind.
  SectionReader(const io::MappedFile& file, std::string_view kind) : file_(file) {
    const auto bytes = file.bytes();
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    if (text.size() < 16 || text.substr(0, 8) != kind)
      throw io::DataError(file.path(), "is no file of that stage, or one of another version");
    at_ = 8;
    const std::uint64_t length = section<std::uint64_t>(1)[0];
    if (length > text.size() - at_) refuse();
    header_ = text.substr(at_, length);
    at_ += length;
  }

  std::string_view header() const { return header_; }

  template <class T>
  std::span<const T> section(std::uint64_t count) {
    const auto bytes = file_.bytes();
    if (count > (bytes.size() - at_) / sizeof(T)) refuse();
    const std::span<const T> numbers(reinterpret_cast<const T*>(bytes.data() + at_), count);
    at_ = (at_ + numbers.size_bytes() + 7) / 8 * 8;
    if (at_ > bytes.size()) refuse();
    return numbers;
  }
  void expect_end() const {
    if (at_ != file_.bytes().size()) refuse();
  }

 private:
  [[noreturn]] void refuse() const {
    throw io::DataError(file_.path(), "has another length than its beginning says: run its stage again");
  }

  const io::MappedFile& file_;
  std::string_view header_;
  std::size_t at_ = 0;
};

}  // namespace gpt::dedup
