#include "apps/gpt-clean/rules/rule_kind.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "libcommon/cli/errors.hpp"
#include "libcommon/cli/nearest_option.hpp"
#include "libcommon/text/utf8.hpp"

namespace gpt::clean {
namespace {

const Parameter* find_parameter(const RuleKind& kind, std::string_view name) {
  const auto found = std::find_if(kind.parameters.begin(), kind.parameters.end(),
                                  [&](const Parameter& parameter) { return parameter.name == name; });
  return found == kind.parameters.end() ? nullptr : &*found;
}

constexpr std::size_t kShownBytes = 80;

// The beginning of a value, for messages.
std::string shown(const std::string& value) {
  if (value.size() <= kShownBytes) return value;
  return std::string(text::utf8_front(value, kShownBytes)) + "...";
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

std::string unknown_parameter(const RuleKind& kind, std::string_view name) {
  std::vector<std::string> names;
  for (const auto& parameter : kind.parameters) names.push_back(parameter.name);
  std::string message = "rule " + kind.name + " has no parameter '" + std::string(name) + "'";
  if (names.empty()) return message + "; it has none";
  if (const auto nearest = cli::nearest_option(name, names))
    return message + "; did you mean '" + *nearest + "'?";
  return message + "; it has " + joined(names);
}

template <class Number>
bool reads_as(const std::string& text, Number& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

void Settings::set_or_throw(std::string_view name, std::string value) {
  if (find_parameter(*kind_, name) == nullptr) throw cli::UsageError(unknown_parameter(*kind_, name));
  given_[std::string(name)] = std::move(value);
}

std::string Settings::text_or_throw(std::string_view name) const {
  if (const auto found = given_.find(name); found != given_.end()) return found->second;
  const Parameter* parameter = find_parameter(*kind_, name);
  if (parameter == nullptr) throw cli::UsageError(unknown_parameter(*kind_, name));
  return parameter->standard;
}

std::size_t Settings::count_or_throw(std::string_view name) const {
  std::size_t value = 0;
  if (!reads_as(text_or_throw(name), value)) refuse(name, "a whole number from 0 on");
  return value;
}

double Settings::number_or_throw(std::string_view name) const {
  double value = 0;
  if (!reads_as(text_or_throw(name), value) || !std::isfinite(value)) refuse(name, "a number");
  return value;
}

bool Settings::flag_or_throw(std::string_view name) const {
  return choice_or_throw(name, {"no", "yes"}) == 1;
}

std::vector<std::string> Settings::list_or_throw(std::string_view name) const {
  const std::string text = text_or_throw(name);
  std::vector<std::string> list;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    if (end > at) list.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return list;
}

std::size_t Settings::choice_or_throw(std::string_view name, const std::vector<std::string>& allowed) const {
  const auto found = std::find(allowed.begin(), allowed.end(), text_or_throw(name));
  if (found == allowed.end()) refuse(name, "one of " + joined(allowed));
  return static_cast<std::size_t>(found - allowed.begin());
}

void Settings::refuse(std::string_view name, const std::string& wanted) const {
  throw cli::UsageError("rule " + kind_->name + ": " + std::string(name) + "=" + shown(text_or_throw(name)) +
                        " is not " + wanted);
}

}  // namespace gpt::clean
