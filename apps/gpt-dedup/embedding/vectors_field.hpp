#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gpt::dedup {

// Reads a list of numbers out of JSON objects; one a thread.
class VectorField {
 public:
  explicit VectorField(std::string key);
  ~VectorField();
  VectorField(VectorField&&) noexcept;

  // Of a line: the field's numbers, the last list where it is given several times. Throws io::DataError
  // naming file and line where it is missing, empty, or no list of numbers that are finite as float.
  std::vector<float> read_or_throw(std::string_view json_line, const std::string& file, std::uint64_t line);

 private:
  class Body;
  std::unique_ptr<Body> body_;
};

}  // namespace gpt::dedup
