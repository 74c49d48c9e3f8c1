#include "libgpt/checkpoint/trainer_state.hpp"

#include <simdjson.h>

#include "libcommon/io/errors.hpp"
#include "libcommon/io/json_text.hpp"

namespace gpt::checkpoint {
namespace {

template <class T>
T field_or_throw(const std::string& path, const simdjson::dom::object& object, std::string_view key) {
  T value{};
  if (object[key].get(value) != simdjson::SUCCESS) {
    throw io::DataError(path, "has no valid " + std::string(key));
  }
  return value;
}

std::int64_t count_or_throw(const std::string& path, const simdjson::dom::object& object,
                            std::string_view key) {
  const auto count = field_or_throw<std::int64_t>(path, object, key);
  if (count < 0) throw io::DataError(path, "has no valid " + std::string(key));
  return count;
}

}  // namespace

std::string trainer_state_json(const TrainerState& state) {
  std::string json = "{\n";
  json += "  \"iteration\": " + std::to_string(state.iteration) + ",\n";
  json += "  \"consumed_train_samples\": " + std::to_string(state.consumed_train_samples) + ",\n";
  json += "  \"consumed_valid_samples\": " + std::to_string(state.consumed_valid_samples) + ",\n";
  json += "  \"optimizer_steps\": " + std::to_string(state.optimizer_steps) + ",\n";
  json += "  \"seed\": " + std::to_string(state.seed) + ",\n";
  json += "  \"numbers\": {";
  const char* comma = "";
  for (const auto& [key, value] : state.numbers) {
    json += comma + io::json_string(key) + ": " + io::json_number(value);
    comma = ", ";
  }
  json += "},\n  \"texts\": {";
  comma = "";
  for (const auto& [key, value] : state.texts) {
    json += comma + io::json_string(key) + ": " + io::json_string(value);
    comma = ", ";
  }
  return json + "}\n}\n";
}

TrainerState parse_trainer_state_or_throw(const std::string& path, const std::string& json) {
  simdjson::dom::parser parser;
  const simdjson::padded_string padded(json);
  simdjson::dom::object object;
  if (const auto error = parser.parse(padded).get(object); error != simdjson::SUCCESS) {
    throw io::DataError(path, std::string("no JSON object: ") + simdjson::error_message(error));
  }
  TrainerState state;
  state.iteration = count_or_throw(path, object, "iteration");
  state.consumed_train_samples = count_or_throw(path, object, "consumed_train_samples");
  state.consumed_valid_samples = count_or_throw(path, object, "consumed_valid_samples");
  state.optimizer_steps = count_or_throw(path, object, "optimizer_steps");
  state.seed = field_or_throw<std::uint64_t>(path, object, "seed");
  for (const auto [key, value] : field_or_throw<simdjson::dom::object>(path, object, "numbers")) {
    double number = 0;
    if (value.get(number) != simdjson::SUCCESS)
      throw io::DataError(path, std::string(key) + " is not a number");
    state.numbers[std::string(key)] = number;
  }
  for (const auto [key, value] : field_or_throw<simdjson::dom::object>(path, object, "texts")) {
    std::string_view text;
    if (value.get(text) != simdjson::SUCCESS)
      throw io::DataError(path, std::string(key) + " is not a string");
    state.texts[std::string(key)] = text;
  }
  return state;
}

}  // namespace gpt::checkpoint
