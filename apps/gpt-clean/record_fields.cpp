#include "apps/gpt-clean/record_fields.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "libcommon/io/json_object.hpp"
#include "libcommon/io/json_text.hpp"

namespace gpt::clean {

class RecordFields::Body {
 public:
  explicit Body(FieldChoice choice) : choice_(std::move(choice)) {}

  std::string chosen(std::string_view record) {
    read_or_throw(record);
    std::string out = "{";
    if (choice_.keep.empty()) {
      for (const auto& [name, value] : fields_) append(out, name, value);
    } else {
      for (const auto& name : choice_.keep) {
        const auto found = find(name);
        if (found != fields_.end()) append(out, found->first, found->second);
      }
    }
    return out + "}";
  }

  bool changes(std::string_view record) {
    if (!choice_.is_everything()) return true;
    // The names may be written with escapes; without them a look at the bytes is enough.
    const bool may_have = std::any_of(
        choice_.replaced.begin(), choice_.replaced.end(),
        [&](const auto& name) { return record.find(io::json_string(name)) != std::string_view::npos; });
    if (!may_have && record.find("\\u") == std::string_view::npos) return false;
    read_or_throw(record);
    return std::any_of(choice_.replaced.begin(), choice_.replaced.end(),
                       [&](const auto& name) { return find(name) != fields_.end(); });
  }

 private:
  using Fields = std::vector<std::pair<std::string, std::string>>;  // name and value as JSON

  Fields::iterator find(const std::string& name) {
    return std::find_if(fields_.begin(), fields_.end(),
                        [&](const auto& field) { return field.first == name; });
  }

  void read_or_throw(std::string_view record) {
    fields_.clear();
    padded_ = simdjson::padded_string(record);
    try {
      simdjson::ondemand::document document = parser_.iterate(padded_);
      for (auto field : document.get_object()) {
        const std::string_view name = field.unescaped_key();
        std::string key(name);
        const std::string_view value = simdjson::to_json_string(field.value());
        fields_.emplace_back(std::move(key), std::string(value));
      }
      io::keep_those_that_count(fields_);
    } catch (const simdjson::simdjson_error& error) {
      throw std::logic_error(std::string("a record that was written cannot be read: ") + error.what());
    }
  }

  // Whether a field that is there gets this name.
  bool is_taken(const std::string& name) {
    return std::any_of(choice_.rename.begin(), choice_.rename.end(), [&](const auto& rename) {
      return rename.second == name && rename.first != name && find(rename.first) != fields_.end();
    });
  }

  void append(std::string& out, const std::string& name, const std::string& value) {
    const auto renamed = choice_.rename.find(name);
    if (renamed == choice_.rename.end() && is_taken(name)) return;
    const std::string& new_name = renamed == choice_.rename.end() ? name : renamed->second;
    if (std::find(choice_.replaced.begin(), choice_.replaced.end(), new_name) != choice_.replaced.end())
      return;
    if (out.size() > 1) out.push_back(',');
    io::append_json_string(out, new_name);
    out.push_back(':');
    out += value;
  }

  FieldChoice choice_;
  simdjson::ondemand::parser parser_;
  simdjson::padded_string padded_;
  Fields fields_;
};

RecordFields::RecordFields(FieldChoice choice) : body_(std::make_unique<Body>(std::move(choice))) {}
RecordFields::~RecordFields() = default;
RecordFields::RecordFields(RecordFields&&) noexcept = default;

std::string RecordFields::chosen(std::string_view record) { return body_->chosen(record); }
bool RecordFields::changes(std::string_view record) { return body_->changes(record); }

}  // namespace gpt::clean
