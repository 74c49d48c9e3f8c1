#include "libcommon/io/readable_json.hpp"

#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <system_error>
#include <vector>

namespace gpt::io {
namespace {

constexpr std::size_t kEscape = 6;  // \uXXXX

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Whether no 64 bits or no double hold it. number: valid, without zeros in front.
bool is_beyond(const std::string& number) {
  if (number.find_first_of(".eE") != std::string::npos)
    return std::isinf(std::strtod(number.c_str(), nullptr));
  const char* const end = number.data() + number.size();
  std::uint64_t natural = 0;
  std::int64_t integer = 0;
  const auto result = number.front() == '-' ? std::from_chars(number.data(), end, integer)
                                            : std::from_chars(number.data(), end, natural);
  return result.ec == std::errc::result_out_of_range;
}

enum class Half { none, high, low };

// What stands behind a backslash.
Half half_at(std::string_view escape) {
  if (escape.size() < kEscape || escape[1] != 'u' || (escape[2] != 'd' && escape[2] != 'D'))
    return Half::none;
  const char third = escape[3] >= 'a' ? static_cast<char>(escape[3] - 'a' + 'A') : escape[3];
  if (third == '8' || third == '9' || third == 'A' || third == 'B') return Half::high;
  return third >= 'C' && third <= 'F' ? Half::low : Half::none;
}

class Walk {
 public:
  explicit Walk(std::string& line) : line_(line) {}

  // Whether it changed anything.
  bool run() {
    while (at_ < line_.size()) {
      if (line_[at_] == '"') {
        pass_string();
      } else if (line_[at_] == '-' || is_digit(line_[at_])) {
        pass_number();
      } else {
        ++at_;
      }
    }
    return changed_;
  }

 private:
  char here() const { return at_ < line_.size() ? line_[at_] : '\0'; }

  std::size_t pass_digits() {
    const std::size_t begin = at_;
    while (is_digit(here())) ++at_;
    return at_ - begin;
  }

  // -? digits (. digits)? ([eE] [+-]? digits)?, without zeros in front; else it is left, to be refused.
  void pass_number() {
    const std::size_t begin = at_;
    if (here() == '-') ++at_;
    const bool zero_in_front = here() == '0';
    const std::size_t whole = pass_digits();
    bool valid = whole == 1 || (whole > 1 && !zero_in_front);
    if (here() == '.') {
      ++at_;
      valid = pass_digits() > 0 && valid;
    }
    if (here() == 'e' || here() == 'E') {
      ++at_;
      if (here() == '+' || here() == '-') ++at_;
      valid = pass_digits() > 0 && valid;
    }
    if (!valid || !is_beyond(line_.substr(begin, at_ - begin))) return;
    constexpr std::string_view kNull = "null";  // the shortest such number is 1e309
    line_.replace(begin, at_ - begin, at_ - begin, ' ');
    line_.replace(begin, kNull.size(), kNull);
    changed_ = true;
  }

  // A string that a colon follows is a key; its halves stay, to be refused, since keys are compared.
  void pass_string() {
    std::vector<std::size_t> halves;
    for (++at_; at_ < line_.size() && line_[at_] != '"';)
      at_ = line_[at_] == '\\' ? pass_escape(halves) : at_ + 1;
    if (at_ < line_.size()) ++at_;
    const std::size_t behind = line_.find_first_not_of(" \t\r\n", at_);
    if (halves.empty() || (behind != std::string::npos && line_[behind] == ':')) return;
    for (const std::size_t half : halves) line_.replace(half, kEscape, "\\ufffd");
    changed_ = true;
  }

  // Where the next character begins. Notes an escape that is half of a pair whose other half is missing.
  std::size_t pass_escape(std::vector<std::size_t>& halves) const {
    const std::string_view rest = std::string_view(line_).substr(at_);
    switch (half_at(rest)) {
      case Half::none:
        return at_ + 2;
      case Half::high:
        if (rest.size() > kEscape && rest[kEscape] == '\\' && half_at(rest.substr(kEscape)) == Half::low)
          return at_ + 2 * kEscape;
        [[fallthrough]];
      case Half::low:
        halves.push_back(at_);
    }
    return at_ + kEscape;
  }

  std::string& line_;
  std::size_t at_ = 0;
  bool changed_ = false;
};

}  // namespace

bool make_readable(std::string& json_line) { return Walk(json_line).run(); }

}  // namespace gpt::io
