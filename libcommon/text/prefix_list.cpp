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
  PrefixList list;
  StringSet* section = nullptr;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::string_view whole = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), whole.size() + 1));
    const std::string_view line = trimmed(whole.substr(0, whole.find('#')));
    if (line.empty()) continue;
    const auto refuse = [&](const std::string& reason) {
      throw std::runtime_error(name + ":" + std::to_string(number) + ": " + reason);
    };
    if (line.front() == '[' && line.back() == ']') {
      section = set_of_section(list, line.substr(1, line.size() - 2));
      if (section == nullptr) refuse("unknown section " + std::string(line));
    } else if (section != nullptr) {
      add_words(*section, line);
    } else if (!apply_setting(list, line)) {
      refuse("'" + std::string(line) + "' is no setting, and no section has begun");
    }
  }
  return list;
}

std::optional<PrefixList> find_prefix_list(std::string_view language) {
  if (language.find('/') != std::string_view::npos) return std::nullopt;
  const auto path = io::find_shared_file("prefixes/" + std::string(language) + ".txt");
  if (!path) return std::nullopt;
  return parse_prefix_list_or_throw(io::read_file_or_throw(*path), *path);
}

}  // namespace gpt::text
