#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "libcommon/io/json_text.hpp"

namespace gpt::bpe_train {

// JSON with two spaces of indentation a level, each value on a line of its own, as Hugging Face tokenizers
// saves it. The caller keeps the order: in an object each value follows its key.
class PrettyJson {
 public:
  PrettyJson& open(char bracket) {
    begin_value();
    text_ += bracket;
    closing_ += bracket == '{' ? '}' : ']';
    is_first_ = true;
    return *this;
  }

  PrettyJson& close() {
    const char bracket = closing_.back();
    closing_.pop_back();
    if (!is_first_) end_line();
    text_ += bracket;
    is_first_ = false;
    return *this;
  }

  PrettyJson& key(std::string_view name) {
    begin_value();
    io::append_json_string(text_, name);
    text_ += ": ";
    has_key_ = true;
    return *this;
  }

  PrettyJson& value(std::string_view text) {
    begin_value();
    io::append_json_string(text_, text);
    return *this;
  }
  PrettyJson& value(const char* text) { return value(std::string_view(text)); }
  PrettyJson& value(std::uint64_t number) { return raw(std::to_string(number)); }
  PrettyJson& value(bool flag) { return raw(flag ? "true" : "false"); }
  PrettyJson& null() { return raw("null"); }
  // A JSON value as it is.
  PrettyJson& raw(std::string_view json) {
    begin_value();
    text_ += json;
    return *this;
  }

  const std::string& text() const { return text_; }

 private:
  void begin_value() {
    if (has_key_) {
      has_key_ = false;
      return;
    }
    if (closing_.empty()) return;
    if (!is_first_) text_ += ',';
    is_first_ = false;
    end_line();
  }
  void end_line() { text_.append("\n").append(2 * closing_.size(), ' '); }

  std::string text_;
  std::string closing_;    // brackets to come, the innermost last
  bool is_first_ = false;  // nothing stands yet in the innermost bracket
  bool has_key_ = false;
};

}  // namespace gpt::bpe_train
