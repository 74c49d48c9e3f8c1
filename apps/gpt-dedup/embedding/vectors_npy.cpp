#include "apps/gpt-dedup/embedding/vectors_npy.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "libcommon/io/errors.hpp"

namespace gpt::dedup {
namespace {

// Reads the header: a Python dictionary such as {'descr': '<f4', 'fortran_order': False, 'shape': (10, 3), }
class HeaderReader {
 public:
  HeaderReader(std::string_view text, const std::string& file) : text_(text), file_(file) {}

  // All but data_begin.
  NpyLayout layout_or_throw() {
    NpyLayout layout;
    take_or_throw('{');
    while (!takes('}')) {
      const std::string_view key = quoted_or_throw();
      take_or_throw(':');
      if (std::find(keys_.begin(), keys_.end(), key) != keys_.end())
        fail_or_throw("has a header with the key '" + std::string(key) + "' twice");
      if (key == "descr") {
        layout.value_bytes = value_bytes_or_throw(quoted_or_throw());
      } else if (key == "fortran_order") {
        if (!takes("False"))
          fail_or_throw("is stored by columns: save it by rows, numpy.ascontiguousarray(v)");
      } else if (key == "shape") {
        std::tie(layout.rows, layout.columns) = shape_or_throw();
      } else {
        fail_or_throw("has a header with the unknown key '" + std::string(key) + "'");
      }
      keys_.push_back(key);
      if (!takes(',')) {
        take_or_throw('}');
        break;
      }
    }
    skip_spaces();
    if (!text_.empty() || keys_.size() != 3) fail_or_throw("has a header that is not NumPy's");
    return layout;
  }

 private:
  [[noreturn]] void fail_or_throw(const std::string& what) const { throw io::DataError(file_, what); }

  void skip_spaces() {
    while (!text_.empty() && (text_.front() == ' ' || text_.front() == '\n')) text_.remove_prefix(1);
  }
  bool takes(std::string_view word) {
    skip_spaces();
    if (!text_.starts_with(word)) return false;
    text_.remove_prefix(word.size());
    return true;
  }
  bool takes(char character) { return takes(std::string_view(&character, 1)); }
  void take_or_throw(char character) {
    if (!takes(character))
      fail_or_throw(std::string("has a header without a '") + character + "' in its place");
  }

  std::string_view quoted_or_throw() {
    take_or_throw('\'');
    const std::size_t end = text_.find('\'');
    if (end == std::string_view::npos) fail_or_throw("has a header with an open quotation");
    const std::string_view inside = text_.substr(0, end);
    text_.remove_prefix(end + 1);
    return inside;
  }

  std::size_t number_or_throw() {
    skip_spaces();
    std::size_t number = 0;
    const auto read = std::from_chars(text_.data(), text_.data() + text_.size(), number);
    if (read.ec != std::errc()) fail_or_throw("has a header with a shape that is not of numbers");
    text_.remove_prefix(static_cast<std::size_t>(read.ptr - text_.data()));
    return number;
  }

  // Rows and columns.
  std::pair<std::size_t, std::size_t> shape_or_throw() {
    take_or_throw('(');
    const std::size_t rows = number_or_throw();
    take_or_throw(',');
    if (takes(')')) fail_or_throw("has one dimension: vectors have two, documents by numbers");
    const std::size_t columns = number_or_throw();
    takes(',');
    if (!takes(')')) fail_or_throw("has more than two dimensions: vectors have two, documents by numbers");
    return {rows, columns};
  }

  std::size_t value_bytes_or_throw(std::string_view type) const {
    if (type == "<f4") return 4;
    if (type == "<f8") return 8;
    fail_or_throw("holds values of type '" + std::string(type) +
                  "': save it as little-endian float32 or float64, v.astype('<f4') or v.astype('<f8')");
  }

  std::string_view text_;
  const std::string& file_;
  std::vector<std::string_view> keys_;
};

// The header, and where what follows it begins.
std::pair<std::string_view, std::size_t> header_or_throw(std::string_view bytes, const std::string& file) {
  constexpr std::string_view kMagic = "\x93NUMPY";
  if (!bytes.starts_with(kMagic) || bytes.size() < 10) throw io::DataError(file, "is no NumPy array (.npy)");
  const auto byte = [&](std::size_t i) {
    return static_cast<std::size_t>(static_cast<unsigned char>(bytes[i]));
  };
  const std::size_t version = byte(6);
  if (version < 1 || version > 3)
    throw io::DataError(file,
                        "has version " + std::to_string(version) + " of NumPy's format; 1 to 3 are known");
  const std::size_t begin = version == 1 ? 10 : 12;
  if (bytes.size() < begin) throw io::DataError(file, "ends in its header: it was cut short; save it again");
  std::size_t length = byte(8) | byte(9) << 8U;
  if (version > 1) length |= byte(10) << 16U | byte(11) << 24U;
  if (bytes.size() - begin < length)
    throw io::DataError(file, "ends in its header: it was cut short; save it again");
  return {bytes.substr(begin, length), begin + length};
}

}  // namespace

NpyLayout npy_layout_or_throw(std::span<const std::byte> bytes, const std::string& file) {
  const std::string_view all(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const auto [header, data_begin] = header_or_throw(all, file);
  NpyLayout layout = HeaderReader(header, file).layout_or_throw();
  layout.data_begin = data_begin;
  const std::size_t left = bytes.size() - data_begin;
  // Divided, since a product of what a header says may not fit.
  if (layout.columns == 0)
    throw io::DataError(file, "holds vectors of no numbers: its rows must have one or more");
  const std::size_t values = left / layout.value_bytes;
  if (left % layout.value_bytes != 0 || values % layout.columns != 0 ||
      values / layout.columns != layout.rows)
    throw io::DataError(file, "has " + std::to_string(left) + " bytes of values, but its header speaks of " +
                                  std::to_string(layout.rows) + " x " + std::to_string(layout.columns) +
                                  " of " + std::to_string(layout.value_bytes) +
                                  " bytes: it was cut short or written to since; save it again");
  return layout;
}

NpyVectors NpyVectors::open_or_throw(const std::string& file) {
  io::MappedFile mapped = io::MappedFile::open_or_throw(file);
  const NpyLayout layout = npy_layout_or_throw(mapped.bytes(), file);
  return {std::move(mapped), layout};
}

void NpyVectors::read_or_throw(std::size_t row, std::span<float> out) const {
  const std::size_t row_bytes = layout_.columns * layout_.value_bytes;
  const std::byte* const begin = file_.bytes().data() + layout_.data_begin + row * row_bytes;
  if (layout_.value_bytes == 4) {
    std::memcpy(out.data(), begin, row_bytes);
  } else {
    for (std::size_t i = 0; i < layout_.columns; ++i) {
      double value = 0;
      std::memcpy(&value, begin + i * sizeof value, sizeof value);
      out[i] = static_cast<float>(value);
    }
  }
  const auto bad = std::find_if_not(out.begin(), out.end(), [](float value) { return std::isfinite(value); });
  if (bad != out.end())
    throw io::DataError(file_.path(), "row " + std::to_string(row) + " (the first is 0) holds " +
                                          std::to_string(*bad) + " as number " +
                                          std::to_string(bad - out.begin()) +
                                          ": a vector's numbers must be finite as float32; mend the row, or "
                                          "take it out of the file and its document out of the input");
}

}  // namespace gpt::dedup
