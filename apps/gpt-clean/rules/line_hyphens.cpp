#include "apps/gpt-clean/rules/line_hyphens.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <unordered_set>

#include <unicode/uchar.h>

#include "libcommon/text/utf8.hpp"

namespace gpt::clean {
namespace {

// Words before which a hyphen stands for the end of a compound that the next word has too.
constexpr std::array<std::string_view, 24> kConjunctions = {
    "and", "bzw", "eda", "eller", "en",   "et",   "eða",   "i",   "ja",   "o",   "och", "oder",
    "of",  "og",  "or",  "ou",    "samt", "sekä", "sowie", "tai", "till", "und", "y",   "än",
};

constexpr std::size_t kLongestWord = 128;  // bytes of one half; more is no word

bool is_letter_at(std::string_view text, std::size_t at) {
  return at < text.size() && u_isalpha(static_cast<UChar32>(text::decode_utf8(text.substr(at)).point));
}

std::size_t length_at(std::string_view text, std::size_t at) {
  return text::decode_utf8(text.substr(at)).length;
}

std::string_view word_before(std::string_view text, std::size_t end) {
  std::size_t begin = end;
  while (begin > 0 && end - begin < kLongestWord) {
    const std::size_t previous = text::point_before(text, begin);
    if (!is_letter_at(text, previous)) break;
    begin = previous;
  }
  return text.substr(begin, end - begin);
}

std::string_view word_after(std::string_view text, std::size_t begin) {
  std::size_t end = begin;
  while (end < text.size() && end - begin < kLongestWord && is_letter_at(text, end))
    end += length_at(text, end);
  return text.substr(begin, end - begin);
}

bool is_lower_throughout(std::string_view word) {
  bool lower = true;
  text::for_each_code_point(word, [&](char32_t point, std::size_t, std::size_t) {
    lower = lower && !u_isupper(static_cast<UChar32>(point));
  });
  return lower;
}

// "tv", "pc": letters of the Latin alphabet that are no syllable.
bool has_no_vowel(std::string_view word) {
  constexpr std::string_view kConsonants = "bcdfghjklmnpqrstvwxzBCDFGHJKLMNPQRSTVWXZ";
  return word.find_first_not_of(kConsonants) == std::string_view::npos;
}

// "Exem" may be joined, "SMS" not.
bool is_ordinary(std::string_view word) {
  return is_lower_throughout(word.substr(std::min(word.size(), length_at(word, 0))));
}

// A hyphen at the end of a line and the words on both sides.
struct Division {
  std::string_view first;
  std::string_view second;
  std::size_t hyphen = 0;       // where it begins in what stands before the line's end
  std::size_t hyphen_end = 0;   // behind it
  bool soft = false;            // made for dividing words and for nothing else
  bool second_goes_on = false;  // behind a hyphen of its own
  bool in_a_name = false;       // of a file, an address, an option: nothing that is divided by syllables
};

bool is_hyphen(char32_t point) { return point == '-' || point == 0x2010 || point == 0xAD; }

std::size_t end_without_spaces(std::string_view text) {
  std::size_t end = text.size();
  while (end > 0 && text[end - 1] == ' ') --end;
  return end;
}

// Whether a line end behind a text might divide a word.
bool ends_in_hyphen(std::string_view text) {
  const std::size_t end = end_without_spaces(text);
  return end > 0 && is_hyphen(text::decode_utf8(text.substr(text::point_before(text, end))).point);
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// "1900" of "i 1900-"
std::string_view digits_before(std::string_view text, std::size_t end) {
  std::size_t begin = end;
  while (begin > 0 && end - begin < kLongestWord && is_digit(text[begin - 1])) --begin;
  return text.substr(begin, end - begin);
}

// Whether what runs up to a place without a space is no word of a language.
bool is_in_a_name(std::string_view text, std::size_t end) {
  std::size_t begin = end;
  while (begin > 0 && end - begin<kLongestWord&& static_cast<unsigned char>(text[begin - 1])> ' ') --begin;
  const std::string_view run = text.substr(begin, end - begin);
  return run.starts_with('-') || run.find_first_of("@_\\") != std::string_view::npos ||
         run.find("://") != std::string_view::npos || run.starts_with("www.");
}

// The division at the line end that stands between two texts.
std::optional<Division> division_between(std::string_view before, std::string_view after) {
  if (!ends_in_hyphen(before)) return std::nullopt;
  Division division;
  division.hyphen_end = end_without_spaces(before);
  division.hyphen = text::point_before(before, division.hyphen_end);
  division.soft = text::decode_utf8(before.substr(division.hyphen)).point == 0xAD;
  division.first = word_before(before, division.hyphen);
  if (division.first.empty() && !division.soft) division.first = digits_before(before, division.hyphen);
  division.in_a_name = is_in_a_name(before, division.hyphen);
  division.second = word_after(after, std::min(after.find_first_not_of(' '), after.size()));
  const std::string_view rest =
      after.substr(static_cast<std::size_t>(division.second.data() - after.data()) + division.second.size());
  division.second_goes_on = !rest.empty() && is_hyphen(text::decode_utf8(rest).point);
  if (division.first.empty() || division.second.empty() || !is_lower_throughout(division.second))
    return std::nullopt;
  return division;
}

// Every word of a text, and every two words with a hyphen between them.
class WordsOfText {
 public:
  explicit WordsOfText(std::string_view text) {
    std::string_view previous;
    for (std::size_t at = 0; at < text.size();) {
      const std::string_view word = word_after(text, at);
      if (word.empty()) {
        at += length_at(text, at);
        continue;
      }
      words_.insert(word);
      const bool joined =
          !previous.empty() && text[at - 1] == '-' && previous.data() + previous.size() + 1 == word.data();
      if (joined) words_.insert(std::string_view(previous.data(), previous.size() + 1 + word.size()));
      previous = word;
      at += word.size();
    }
  }
  bool have(const std::string& word) const { return words_.contains(word); }

 private:
  std::unordered_set<std::string_view> words_;
};

bool is_conjunction(std::string_view word) {
  return std::find(kConjunctions.begin(), kConjunctions.end(), word) != kConjunctions.end();
}

enum class Verdict { leave, join, keep_hyphen };

Verdict judge(const Division& division, const WordsOfText& words) {
  if (is_conjunction(division.second) && !division.second_goes_on)
    return division.soft ? Verdict::join : Verdict::leave;
  if (division.soft) return Verdict::join;
  const std::string first(division.first);
  const std::string second(division.second);
  if (words.have(first + second)) return Verdict::join;
  if (words.have(first + "-" + second)) return Verdict::keep_hyphen;
  const bool one_letter = first.size() == length_at(first, 0);
  const bool is_whole = one_letter || is_digit(first[0]) || division.in_a_name || has_no_vowel(first);
  return is_whole || !is_ordinary(first) ? Verdict::keep_hyphen : Verdict::join;
}

bool may_divide(std::string_view text) {
  for (std::size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1)) {
    if (division_between(text.substr(0, at), text.substr(at + 1))) return true;
  }
  return false;
}

}  // namespace

std::string join_divided_words(std::string_view text) {
  const WordsOfText words(text);
  std::string out;
  out.reserve(text.size());
  bool owes_break = false;  // the line whose first word went up begins behind that and its punctuation
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t plain = std::min(text.find_first_of(owes_break ? " \n" : "\n", at), text.size());
    out.append(text, at, plain - at);
    at = plain;
    if (at == text.size()) break;
    if (text[at] == ' ') {
      const std::size_t next = std::min(text.find_first_not_of(' ', at), text.size());
      const bool ends_line = next == text.size() || text[next] == '\n';
      if (!ends_line) out.push_back(ends_in_hyphen(out) ? ' ' : '\n');
      owes_break = ends_line || out.back() == ' ';
      at = next;
      continue;
    }
    const auto division = division_between(out, text.substr(at + 1));
    const Verdict verdict = division ? judge(*division, words) : Verdict::leave;
    owes_break = verdict != Verdict::leave;
    if (verdict == Verdict::leave) {
      out.push_back(text[at++]);
      continue;
    }
    at = static_cast<std::size_t>(division->second.data() - text.data()) + division->second.size();
    out.resize(verdict == Verdict::join ? division->hyphen : division->hyphen_end);
    out += division->second;
  }
  return out;
}

Outcome LineHyphensRule::apply(WorkingDocument& document) {
  if (!may_divide(document.text)) return untouched();
  std::string joined = join_divided_words(document.text);
  if (joined == document.text) return untouched();
  document.text = std::move(joined);
  return changed();
}

RuleKind line_hyphens_kind() {
  return {.name = "line-hyphens",
          .summary = "Words divided at line ends are joined; hyphens that belong to a word stay",
          .source = "",
          .unit = Rule::Unit::documents_changed,
          .parameters = {},
          .make = [](const Settings&) { return std::make_unique<LineHyphensRule>(); }};
}

}  // namespace gpt::clean
