#include "apps/gpt-dedup/number_field.hpp"

#include <utility>

#include <simdjson.h>

namespace gpt::dedup {

class NumberField::Body {
 public:
  explicit Body(std::string key) : key_(std::move(key)) {}

  double read(std::string_view line) {
    simdjson::dom::object object;
    if (parser_.parse(line.data(), line.size(), true).get(object) != simdjson::SUCCESS) return kNone;
    double value = kNone;
    for (const auto field : object) {
      if (field.key == key_ && field.value.get(value) != simdjson::SUCCESS) value = kNone;
    }
    return value;
  }

 private:
  std::string key_;
  simdjson::dom::parser parser_;
};

NumberField::NumberField(std::string key) : body_(std::make_unique<Body>(std::move(key))) {}
NumberField::~NumberField() = default;
NumberField::NumberField(NumberField&&) noexcept = default;

double NumberField::read(std::string_view json_line) { return body_->read(json_line); }

}  // namespace gpt::dedup
