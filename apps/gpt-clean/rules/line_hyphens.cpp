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

// "Exem" may be joined, "SMS" not.
bool is_ordinary(std::string_view word) {
  return is_lower_throughout(word.substr(std::min(word.size(), length_at(word, 0))));
}

// A hyphen at the end of a line and the words on both sides.
struct Division {
  std::string_view first;
  std::string_view second;
  std::size_t hyphen = 0;      // where it begins
  std::size_t hyphen_end = 0;  // behind it
  bool soft = false;           // made for dividing words and for nothing else
};

// The division whose line ends at that place.
std::optional<Division> division_at(std::string_view text, std::size_t line_end) {
  std::size_t end = line_end;
  while (end > 0 && text[end - 1] == ' ') --end;
  if (end == 0) return std::nullopt;
  Division division;
  division.hyphen_end = end;
  division.hyphen = text::point_before(text, end);
  const char32_t point = text::decode_utf8(text.substr(division.hyphen)).point;
  division.soft = point == 0xAD;
  if (point != '-' && point != 0x2010 && !division.soft) return std::nullopt;
  std::size_t next = line_end + 1;
  while (next < text.size() && text[next] == ' ') ++next;
  division.first = word_before(text, division.hyphen);
  division.second = word_after(text, next);
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
  if (is_conjunction(division.second)) return division.soft ? Verdict::join : Verdict::leave;
  if (division.soft) return Verdict::join;
  const std::string first(division.first);
  const std::string second(division.second);
  if (words.have(first + second)) return Verdict::join;
  if (words.have(first + "-" + second)) return Verdict::keep_hyphen;
  const bool one_letter = first.size() == length_at(first, 0);
  return one_letter || !is_ordinary(first) ? Verdict::keep_hyphen : Verdict::join;
}

bool may_divide(std::string_view text) {
  for (std::size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1)) {
    if (division_at(text, at)) return true;
  }
  return false;
}

}  // namespace

std::string join_divided_words(std::string_view text) {
  const WordsOfText words(text);
  std::string out;
  out.reserve(text.size());
  std::size_t done = 0;
  for (std::size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1)) {
    const auto division = division_at(text, at);
    if (!division || division->hyphen < done) continue;
    const Verdict verdict = judge(*division, words);
    if (verdict == Verdict::leave) continue;
    out.append(text, done, (verdict == Verdict::join ? division->hyphen : division->hyphen_end) - done);
    out += division->second;
    done = static_cast<std::size_t>(division->second.data() - text.data()) + division->second.size();
    // punctuation stays with its word, and what follows begins the next line
    while (done < text.size() && text[done] != ' ' && text[done] != '\n') out.push_back(text[done++]);
    if (done < text.size() && text[done] == ' ') {
      out.push_back('\n');
      ++done;
    }
  }
  return out.append(text, done);
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
