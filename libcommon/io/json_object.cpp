#include "libcommon/io/json_object.hpp"

#include "libcommon/io/readable_json.hpp"

namespace gpt::io {

std::optional<simdjson::dom::element> value_that_counts(simdjson::dom::object object, std::string_view key) {
  std::optional<simdjson::dom::element> value;
  for (const auto field : object) {
    if (field.key == key) value = field.value;
  }
  return value;
}

class JsonObjectReader::Body {
 public:
  simdjson::simdjson_result<simdjson::dom::element> read(std::string_view line, std::size_t readable_behind) {
    if (readable_behind < simdjson::SIMDJSON_PADDING) line = padded_copy(line);
    simdjson::simdjson_result<simdjson::dom::element> root = parser_.parse(line.data(), line.size(), false);
    if (root.error() != simdjson::NUMBER_ERROR && root.error() != simdjson::STRING_ERROR) return root;
    if (line.data() != padded_.data()) line = padded_copy(line);
    if (make_readable(padded_)) root = parser_.parse(line.data(), line.size(), false);
    return root;
  }
  std::string_view copy() const { return padded_; }

 private:
  std::string_view padded_copy(std::string_view line) {
    padded_.reserve(line.size() + simdjson::SIMDJSON_PADDING);
    padded_.assign(line);
    return padded_;
  }

  std::string padded_;
  simdjson::dom::parser parser_;
};

JsonObjectReader::JsonObjectReader() : body_(std::make_unique<Body>()) {}
JsonObjectReader::~JsonObjectReader() = default;
JsonObjectReader::JsonObjectReader(JsonObjectReader&&) noexcept = default;

simdjson::simdjson_result<simdjson::dom::element> JsonObjectReader::read(std::string_view line,
                                                                         std::size_t readable_behind) {
  return body_->read(line, readable_behind);
}

std::string_view JsonObjectReader::copy() const { return body_->copy(); }
void JsonObjectReader::forget() { body_ = std::make_unique<Body>(); }

}  // namespace gpt::io
