#include "apps/gpt-dedup/number_field.hpp"

#include <utility>

#include "libcommon/io/json_object.hpp"

namespace gpt::dedup {

class NumberField::Body {
 public:
  explicit Body(std::string key) : key_(std::move(key)) {}

  double read(std::string_view line) {
    simdjson::dom::object object;
    if (reader_.read(line).get(object) != simdjson::SUCCESS) return kNone;
    const auto field = io::value_that_counts(object, key_);
    double value = kNone;
    return field && field->get(value) == simdjson::SUCCESS ? value : kNone;
  }

 private:
  std::string key_;
  io::JsonObjectReader reader_;
};

NumberField::NumberField(std::string key) : body_(std::make_unique<Body>(std::move(key))) {}
NumberField::~NumberField() = default;
NumberField::NumberField(NumberField&&) noexcept = default;

double NumberField::read(std::string_view json_line) { return body_->read(json_line); }

}  // namespace gpt::dedup
