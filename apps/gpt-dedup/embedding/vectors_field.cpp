#include "apps/gpt-dedup/embedding/vectors_field.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "libcommon/io/errors.hpp"
#include "libcommon/io/json_object.hpp"
#include "libcommon/io/json_text.hpp"

namespace gpt::dedup {

class VectorField::Body {
 public:
  explicit Body(std::string key) : key_(std::move(key)) {}

  std::vector<float> read_or_throw(std::string_view line, const std::string& file, std::uint64_t number) {
    simdjson::dom::object object;
    if (reader_.read(line).get(object) != simdjson::SUCCESS)
      throw io::DataError(file, number, "no JSON object");
    const auto list = io::value_that_counts(object, key_);
    if (!list) throw io::DataError(file, number, "the field " + io::json_string(key_) + " is missing");
    std::vector<float> values = numbers_of(*list);
    if (values.empty())
      throw io::DataError(file, number, "the field " + io::json_string(key_) + " is no list of numbers");
    const auto bad =
        std::find_if_not(values.begin(), values.end(), [](float value) { return std::isfinite(value); });
    if (bad != values.end())
      throw io::DataError(
          file, number,
          "the field " + io::json_string(key_) + " holds a number beyond those of float32, " +
              std::to_string(bad - values.begin()) +
              " counted from 0: a vector's numbers must be finite; mend or remove the record");
    return values;
  }

 private:
  // Empty where it is no such list.
  static std::vector<float> numbers_of(const simdjson::dom::element& element) {
    std::vector<float> values;
    simdjson::dom::array array;
    if (element.get(array) != simdjson::SUCCESS) return {};
    for (const auto item : array) {
      double value = 0;
      if (item.get(value) != simdjson::SUCCESS) return {};
      values.push_back(static_cast<float>(value));
    }
    return values;
  }

  std::string key_;
  io::JsonObjectReader reader_;
};

VectorField::VectorField(std::string key) : body_(std::make_unique<Body>(std::move(key))) {}
VectorField::~VectorField() = default;
VectorField::VectorField(VectorField&&) noexcept = default;

std::vector<float> VectorField::read_or_throw(std::string_view json_line, const std::string& file,
                                              std::uint64_t line) {
  return body_->read_or_throw(json_line, file, line);
}

}  // namespace gpt::dedup
