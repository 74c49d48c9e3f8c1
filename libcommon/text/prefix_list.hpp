#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>

namespace gpt::text {

// Lets string_view look up in a set of strings.
struct StringHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};
using StringSet = std::unordered_set<std::string, StringHash, std::equal_to<>>;

// What a language's full stops may follow without ending a sentence, from share/prefixes/<language>.txt.
// Entries are in lower case and without their last dot; docs/formats/prefixes.md describes the file.
struct PrefixList {
  StringSet titles;                   // stand before a name: no end, whatever follows
  StringSet abbreviations;            // no end, unless an opener follows
  StringSet numeric;                  // no end before a number
  StringSet after_ordinal;            // follow an ordinal written as digits and a dot: months, "Jahrhundert"
  StringSet openers;                  // function words that, capitalised, open a sentence
  StringSet restarts;                 // those that, capitalised, begin one even where no mark ends the last
  bool ordinals_have_dots = false;    // "den 3. utgave": digits and a dot may be an ordinal before any word
  bool colons_end_sentences = false;  // before a capital letter
  bool colons_before_quotes_end_sentences = false;
};

// Reads that format, or Moses's nonbreaking_prefix files: a word a line, with #NUMERIC_ONLY# behind those
// that count before numbers alone; the others become titles, since there no full stop behind them ends a
// sentence. Throws std::runtime_error naming `name` and the line where the text follows neither.
PrefixList parse_prefix_list_or_throw(std::string_view text, const std::string& name);

// The list that is installed for a language ("sv"), if there is one. Throws where it cannot be read.
std::optional<PrefixList> find_prefix_list(std::string_view language);

// Lower case by Unicode's rules that need no context; for words, valid UTF-8.
std::string lower_case(std::string_view word);

}  // namespace gpt::text
