#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "apps/gpt-clean/rules/rule.hpp"

namespace gpt::clean {

// A parameter of a rule, its values as text.
struct Parameter {
  std::string name;
  std::string standard;  // the value where none is given
  std::string help;
};

class Settings;

// What a rule is before it is made: its name, what it does, its parameters. Each rule's file gives one
// (`RuleKind min_chars_kind();`), and catalogue.cpp lists them all.
struct RuleKind {
  std::string name;     // in recipes, on the command line, and as the reason in reports
  std::string summary;  // a sentence
  std::string source;   // the paper or program it follows; may be empty
  Rule::Unit unit = Rule::Unit::documents_changed;
  std::vector<Parameter> parameters;
  bool names_language = false;  // whether it says what language a document is in
  bool uses_language = false;   // whether it asks what was said, unless its parameter `language` is given
  std::function<std::unique_ptr<Rule>(const Settings&)> make;
};

// A kind's parameters with the values given. Errors are cli::UsageError and name rule, parameter, value and
// what is allowed. The kind must outlive the settings.
class Settings {
 public:
  explicit Settings(const RuleKind& kind) : kind_(&kind) {}

  const RuleKind& kind() const { return *kind_; }
  // Throws where the kind has no such parameter.
  void set_or_throw(std::string_view name, std::string value);
  // The values given, by parameter.
  const std::map<std::string, std::string, std::less<>>& given() const { return given_; }

  std::size_t count_or_throw(std::string_view name) const;
  double number_or_throw(std::string_view name) const;  // finite
  bool flag_or_throw(std::string_view name) const;      // yes or no
  std::string text_or_throw(std::string_view name) const;
  // Split at commas; of an empty value an empty list.
  std::vector<std::string> list_or_throw(std::string_view name) const;
  // The place of the value among those allowed.
  std::size_t choice_or_throw(std::string_view name, const std::vector<std::string>& allowed) const;
  // Says what is wrong with the value of a parameter.
  [[noreturn]] void refuse(std::string_view name, const std::string& wanted) const;

 private:
  const RuleKind* kind_;
  std::map<std::string, std::string, std::less<>> given_;
};

}  // namespace gpt::clean
