#pragma once

#include <limits>
#include <memory>
#include <string>
#include <string_view>

namespace gpt::dedup {

// Reads a number out of JSON objects; one a thread.
class NumberField {
 public:
  static constexpr double kNone = -std::numeric_limits<double>::infinity();

  explicit NumberField(std::string key);
  ~NumberField();
  NumberField(NumberField&&) noexcept;

  // Of a line that is a JSON object: the field's number, the last where it is given several times; kNone
  // where it is missing or no number.
  double read(std::string_view json_line);

 private:
  class Body;
  std::unique_ptr<Body> body_;
};

}  // namespace gpt::dedup
