#include "apps/gpt-clean/rules/terminal_escapes.hpp"

#include <algorithm>

namespace gpt::clean {
namespace {

constexpr char kEscape = '\x1B';
constexpr char kBell = '\x07';
// What is longer is no sequence but an escape character that got lost in a text.
constexpr std::size_t kLongestSequence = 256;

bool is_between(char c, char from, char to) { return c >= from && c <= to; }

// "\e[31;1m": parameters, intermediate bytes, a final byte.
std::size_t control_sequence_length(std::string_view text) {
  std::size_t at = 2;
  while (at < text.size() && is_between(text[at], 0x30, 0x3F)) ++at;
  while (at < text.size() && is_between(text[at], 0x20, 0x2F)) ++at;
  return at < text.size() && is_between(text[at], 0x40, 0x7E) ? at + 1 : 0;
}

// "\e]0;title\a": up to a bell or "\e\".
std::size_t command_string_length(std::string_view text) {
  for (std::size_t at = 2; at < text.size(); ++at) {
    if (text[at] == kBell) return at + 1;
    if (text[at] == '\n') return 0;
    if (text[at] == kEscape) return at + 1 < text.size() && text[at + 1] == '\\' ? at + 2 : 0;
  }
  return 0;
}

// The length of the sequence that begins at the front with an escape character; 0 where none does.
std::size_t sequence_length(std::string_view text) {
  text = text.substr(0, kLongestSequence);
  if (text.size() < 2) return 0;
  switch (text[1]) {
    case '[':
      return control_sequence_length(text);
    case ']':
    case 'P':
    case 'X':
    case '^':
    case '_':
      return command_string_length(text);
    case '(':
    case ')':
    case '#':
      return text.size() > 2 && is_between(text[2], 0x30, 0x7E) ? 3 : 0;
    default:
      return is_between(text[1], 0x30, 0x7E) ? 2 : 0;
  }
}

}  // namespace

std::string remove_terminal_escapes(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t plain = std::min(text.find(kEscape), text.size());
    out.append(text, 0, plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    const std::size_t length = sequence_length(text);
    if (length == 0) out.push_back(kEscape);
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

Outcome TerminalEscapesRule::apply(WorkingDocument& document) {
  if (document.text.find(kEscape) == std::string::npos) return untouched();
  std::string cleaned = remove_terminal_escapes(document.text);
  if (cleaned.size() == document.text.size()) return untouched();
  document.text = std::move(cleaned);
  return changed();
}

RuleKind terminal_escapes_kind() {
  return {.name = "terminal-escapes",
          .summary = "Control sequences of terminals (colours, cursor movements, titles) go",
          .source = "ECMA-48",
          .unit = Rule::Unit::documents_changed,
          .parameters = {},
          .make = [](const Settings&) { return std::make_unique<TerminalEscapesRule>(); }};
}

}  // namespace gpt::clean
