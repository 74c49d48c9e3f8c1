#include "libcommon/text/prefix_list.hpp"

#include <stdexcept>

#include <unicode/uchar.h>

#include "libcommon/io/byte_source.hpp"
#include "libcommon/io/share_folder.hpp"
#include "libcommon/text/utf8.hpp"

namespace gpt::text {
namespace {

std::string_view trimmed(std::string_view line) {
  const auto begin = line.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos) return {};
  return line.substr(begin, line.find_last_not_of(" \t\r") - begin + 1);
}

StringSet* set_of_section(PrefixList& list, std::string_view name) {
  if (name == "titles") return &list.titles;
  if (name == "abbreviations") return &list.abbreviations;
  if (name == "numeric") return &list.numeric;
  if (name == "after-ordinal") return &list.after_ordinal;
  if (name == "openers") return &list.openers;
  if (name == "restarts") return &list.restarts;
  return nullptr;
}

bool apply_setting(PrefixList& list, std::string_view line) {
  if (line == "ordinals-have-dots") return list.ordinals_have_dots = true;
  if (line == "colons-end-sentences") return list.colons_end_sentences = true;
  if (line == "colons-before-quotes-end-sentences") return list.colons_before_quotes_end_sentences = true;
  return false;
}

void add_words(StringSet& set, std::string_view line) {
  while (!line.empty()) {
    const std::string_view word = line.substr(0, line.find(' '));
    if (!word.empty()) set.insert(lower_case(word));
    line.remove_prefix(std::min(line.size(), word.size() + 1));
  }
}

// Calls visit(line, number) for each line, from 1, until it returns false.
template <class Visit>
void for_each_line(std::string_view text, Visit visit) {
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (!visit(line, number)) return;
  }
}

std::string_view without_comment(std::string_view line) { return trimmed(line.substr(0, line.find('#'))); }

// Moses marks what is a prefix before numbers alone by a comment.
constexpr std::string_view kMosesNumericOnly = "#NUMERIC_ONLY#";

// Moses's lists have a word a line and neither sections nor settings.
bool is_moses_list(std::string_view text) {
  bool all_words = true;
  bool any = false;
  for_each_line(text, [&](std::string_view whole, std::size_t) {
    const std::string_view line = without_comment(whole);
    PrefixList unused;
    all_words = line.find_first_of(" \t[") == std::string_view::npos && !apply_setting(unused, line);
    any |= !line.empty();
    return all_words;
  });
  return all_words && any;
}

PrefixList parse_moses_list(std::string_view text) {
  PrefixList list;
  for_each_line(text, [&](std::string_view whole, std::size_t) {
    const bool numeric = whole.find(kMosesNumericOnly) != std::string_view::npos;
    add_words(numeric ? list.numeric : list.titles, without_comment(whole));
    return true;
  });
  return list;
}

}  // namespace

std::string lower_case(std::string_view word) {
  std::string out;
  out.reserve(word.size());
  for_each_code_point(word, [&](char32_t point, std::size_t, std::size_t) {
    append_utf8(out, static_cast<char32_t>(u_tolower(static_cast<UChar32>(point))));
  });
  return out;
}

PrefixList parse_prefix_list_or_throw(std::string_view text, const std::string& name) {
  if (is_moses_list(text)) return parse_moses_list(text);
  PrefixList list;
  StringSet* section = nullptr;
  for_each_line(text, [&](std::string_view whole, std::size_t number) {
    const std::string_view line = without_comment(whole);
    const auto refuse = [&](const std::string& reason) {
      throw std::runtime_error(name + ":" + std::to_string(number) + ": " + reason);
    };
    if (line.empty()) return true;
    if (line.front() == '[' && line.back() == ']') {
      section = set_of_section(list, line.substr(1, line.size() - 2));
      if (section == nullptr) refuse("unknown section " + std::string(line));
    } else if (section != nullptr) {
      add_words(*section, line);
    } else if (!apply_setting(list, line)) {
      refuse("'" + std::string(line) + "' is no setting, and no section has begun");
    }
    return true;
  });
  return list;
}

std::optional<PrefixList> find_prefix_list(std::string_view language) {
  if (language.find('/') != std::string_view::npos) return std::nullopt;
  const auto path = io::find_shared_file("prefixes/" + std::string(language) + ".txt");
  if (!path) return std::nullopt;
  return parse_prefix_list_or_throw(io::read_file_or_throw(*path), *path);
}

}  // namespace gpt::text
