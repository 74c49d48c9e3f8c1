#include "libcommon/text/sentence_rules.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include <unicode/uchar.h>

#include "libcommon/text/utf8.hpp"
#include "libcommon/text/whitespace.hpp"

namespace gpt::text {
namespace {

bool is_blank(char32_t point) { return is_space(point) || is_line_end(point); }
bool is_upper(char32_t point) {
  return u_isupper(static_cast<UChar32>(point)) || u_istitle(static_cast<UChar32>(point));
}
bool is_lower(char32_t point) { return u_islower(static_cast<UChar32>(point)); }
bool is_letter(char32_t point) { return u_isalpha(static_cast<UChar32>(point)); }
bool is_digit(char32_t point) { return u_isdigit(static_cast<UChar32>(point)); }

bool is_one_of(char32_t point, std::u32string_view set) {
  return set.find(point) != std::u32string_view::npos;
}
// Quotation marks close in one language what they open in another.
constexpr std::u32string_view kQuotes = U"\"'”’“‘»«›‹„‚";
bool closes(char32_t point) { return is_one_of(point, kQuotes) || is_one_of(point, U")]}"); }
bool opens(char32_t point) { return is_one_of(point, kQuotes) || is_one_of(point, U"([{¿¡-–—•*·"); }

// One or more sentence-ending marks in a row, and what stands around them.
struct Stop {
  enum class Kind { period, ellipsis, strong, colon, emoticon };
  Kind kind = Kind::period;
  std::size_t begin = 0;        // of the first mark
  std::size_t end = 0;          // behind the marks and the closing quotation marks and brackets
  bool quoted = false;          // at least one of these was there
  std::string_view word;        // before the marks, without opening marks
  std::string_view next_word;   // letters and digits after the white space and opening marks
  char32_t next = 0;            // first code point of next_word or what stands in its place; 0 at the end
  bool next_opened = false;     // opening marks stand before it
  bool next_quoted = false;     // a quotation mark is among them
  bool next_shortened = false;  // a dot follows next_word: "A. I. Rabin"
};

class Scanner {
 public:
  Scanner(std::string_view text, const PrefixList& prefixes, Newlines newlines)
      : text_(text), prefixes_(prefixes), newlines_(newlines) {}

  std::vector<std::size_t> ends() {
    std::size_t at = 0;
    while (at < text_.size()) {
      at = next_mark(at);
      if (at >= text_.size()) break;
      if (text_[at] == ' ') {
        if (restarts_at(at)) end_sentence(at + 1);
        ++at;
        continue;
      }
      if (text_[at] == '\n') {
        if (newlines_ == Newlines::end_sentences) end_sentence(at + 1);
        ++at;
        continue;
      }
      const std::optional<Stop> stop = stop_at(at);
      if (!stop) {
        at = std::max(at + 1, marks_end(at));
        continue;
      }
      if (stop->next != 0 && ends_sentence(*stop)) end_sentence(stop->end);
      at = stop->end;
    }
    if (found_.empty() || found_.back() != text_.size()) found_.push_back(text_.size());
    return std::move(found_);
  }

 private:
  void end_sentence(std::size_t at) {
    found_.push_back(at);
    sentence_begin_ = at;
  }

  bool watches_colons() const {
    return prefixes_.colons_end_sentences || prefixes_.colons_before_quotes_end_sentences;
  }

  // The next byte that may begin a stop: . ! ? newline, the first byte of an ellipsis, a colon, an emoticon.
  std::size_t next_mark(std::size_t at) const {
    while (at < text_.size()) {
      const char c = text_[at];
      if (c == '.' || c == '!' || c == '?' || c == '\n' || c == '\xE2') break;
      if (c == ':' && (watches_colons() || emoticon_length(at) > 0)) break;
      if (c == ';' && emoticon_length(at) > 0) break;
      if (c == ' ' && may_restart(at)) break;
      ++at;
    }
    return at;
  }

  // A quick look at what follows a space: a capital of these languages, or a dash.
  bool may_restart(std::size_t at) const {
    if (prefixes_.restarts.empty() || at == 0 || at + 1 >= text_.size()) return false;
    const char next = text_[at + 1];
    return (next >= 'A' && next <= 'Z') || next == '\xC3' || next == '-' || next == '\xE2';
  }

  // Whether a sentence begins behind the space at `at` though no mark stands before it, as behind a heading:
  // at a word of the language's list in the form "Det", between a word in small letters (or of capitals
  // alone) and another in small letters. A dash before that word belongs to it.
  bool restarts_at(std::size_t at) const {
    const std::string_view before = word_before(at);
    if (at <= first_visible() || before.empty() || !ends_heading(before)) return false;
    std::string_view rest = text_.substr(at + 1);
    for (const std::string_view dash : {"- ", "– "}) {
      if (rest.starts_with(dash)) rest.remove_prefix(dash.size());
    }
    const std::string_view word = rest.substr(0, rest.find(' '));
    if (word.size() == rest.size() || word.empty()) return false;
    const std::size_t first = decode_utf8(word).length;
    const bool capitalised = is_upper(decode_utf8(word).point) &&
                             (first == word.size() || is_lower(decode_utf8(word.substr(first)).point));
    if (!capitalised) return false;
    const std::string lowered = lower_case(word);
    const bool listed = prefixes_.restarts.contains(lowered) ||
                        (is_in_capitals(before) && prefixes_.openers.contains(lowered));
    if (!listed || prefixes_.openers.contains(before)) return false;  // "chef for Den jyske Opera"
    return is_lower(decode_utf8(rest.substr(word.size() + 1)).point);
  }

  static bool ends_heading(std::string_view word) {
    char32_t last = 0;
    for_each_code_point(word, [&](char32_t point, std::size_t, std::size_t) { last = point; });
    return is_lower(last) || is_in_capitals(word);
  }

  // Four letters or more, all of them capitals; fewer may be an acronym.
  static bool is_in_capitals(std::string_view word) {
    bool all_upper = true;
    std::size_t letters = 0;
    for_each_code_point(word, [&](char32_t point, std::size_t, std::size_t) {
      all_upper = all_upper && is_upper(point);
      ++letters;
    });
    return all_upper && letters >= 4;
  }

  // Bytes of the sentence-ending mark at a place, 0 if there is none.
  std::size_t mark_length(std::size_t at) const {
    if (at >= text_.size()) return 0;
    const char c = text_[at];
    if (c == '.' || c == '!' || c == '?') return 1;
    return text_.compare(at, 3, "…") == 0 ? 3 : 0;
  }

  // Behind the sentence-ending marks that stand in a row from here.
  std::size_t marks_end(std::size_t at) const {
    while (const std::size_t length = mark_length(at)) at += length;
    return at;
  }

  // Bytes of ":)", ";-D" and their kin at a place, where white space follows; 0 if there is none.
  std::size_t emoticon_length(std::size_t at) const {
    if (at >= text_.size() || (text_[at] != ':' && text_[at] != ';')) return 0;
    std::size_t end = at + 1;
    if (end < text_.size() && text_[end] == '-') ++end;
    if (end >= text_.size() || std::string_view("()DPp").find(text_[end]) == std::string_view::npos) return 0;
    ++end;
    while (end < text_.size() && (text_[end] == ')' || text_[end] == '(')) ++end;
    return blank_at(end) ? end - at : 0;
  }

  bool blank_at(std::size_t at) const {
    return at >= text_.size() || is_blank(decode_utf8(text_.substr(at)).point);
  }

  // The stop whose marks begin here; empty where a word goes on directly behind them ("3.5", "t.ex").
  std::optional<Stop> stop_at(std::size_t at) const {
    Stop stop;
    stop.begin = at;
    if (const std::size_t length = emoticon_length(at)) {
      stop.kind = Stop::Kind::emoticon;
      stop.end = at + length;
    } else if (text_[at] == ':') {
      stop.kind = Stop::Kind::colon;
      stop.end = at + 1;
    } else {
      take_marks(stop);
      if (stop.end == at) return std::nullopt;
      take_closing_marks(stop);
      take_emoticon(stop);
    }
    if (!blank_at(stop.end)) return std::nullopt;
    stop.word = word_before(at);
    look_ahead(stop);
    return stop;
  }

  void take_marks(Stop& stop) const {
    std::size_t periods = 0;
    bool strong = false;
    bool dots = false;
    stop.end = stop.begin;
    while (const std::size_t length = mark_length(stop.end)) {
      periods += text_[stop.end] == '.' ? 1 : 0;
      strong |= text_[stop.end] == '!' || text_[stop.end] == '?';
      dots |= length == 3;
      stop.end += length;
    }
    if (strong) {
      stop.kind = Stop::Kind::strong;
    } else if (dots || periods > 1) {
      stop.kind = Stop::Kind::ellipsis;
    }
  }

  // An emoticon behind the marks, with or without a space between, belongs to the sentence they end.
  void take_emoticon(Stop& stop) const {
    std::size_t at = stop.end;
    if (at < text_.size() && text_[at] == ' ') ++at;
    if (const std::size_t length = emoticon_length(at)) stop.end = at + length;
  }

  void take_closing_marks(Stop& stop) const {
    while (stop.end < text_.size()) {
      const DecodedPoint decoded = decode_utf8(text_.substr(stop.end));
      if (!closes(decoded.point)) return;
      stop.quoted = true;
      stop.end += decoded.length;
    }
  }

  // What stands between the last white space and `end`, without opening marks.
  std::string_view word_before(std::size_t end) const {
    std::size_t begin = end;
    while (begin > sentence_begin_) {
      std::size_t previous = begin - 1;
      while (previous > sentence_begin_ && (static_cast<unsigned char>(text_[previous]) & 0xC0u) == 0x80)
        --previous;
      if (is_blank(decode_utf8(text_.substr(previous)).point)) break;
      begin = previous;
    }
    while (begin < end) {
      const DecodedPoint decoded = decode_utf8(text_.substr(begin));
      if (!opens(decoded.point)) break;
      begin += decoded.length;
    }
    return text_.substr(begin, end - begin);
  }

  void look_ahead(Stop& stop) const {
    std::size_t at = stop.end;
    const auto skip_while = [&](auto belongs) {
      while (at < text_.size()) {
        const DecodedPoint decoded = decode_utf8(text_.substr(at));
        if (!belongs(decoded.point)) return;
        at += decoded.length;
      }
    };
    skip_while([](char32_t point) { return is_blank(point); });
    const std::size_t visible = at;
    skip_while([&stop](char32_t point) {
      stop.next_quoted |= is_one_of(point, kQuotes);
      return opens(point) || is_space(point);
    });
    stop.next_opened = at > visible;
    if (at >= text_.size()) return;
    stop.next = decode_utf8(text_.substr(at)).point;
    const std::size_t begin = at;
    skip_while([](char32_t point) { return is_letter(point) || is_digit(point); });
    stop.next_word = text_.substr(begin, at - begin);
    stop.next_shortened = at < text_.size() && text_[at] == '.';
  }

  bool ends_sentence(const Stop& stop) const {
    if (is_lower(stop.next)) return ends_before_lower_case(stop);
    switch (stop.kind) {
      case Stop::Kind::strong:
        return !stop.word.empty() || stop.begin == sentence_begin_;  // "(!)" stands inside a sentence
      case Stop::Kind::ellipsis:
        return is_upper(stop.next) || stop.quoted;
      case Stop::Kind::colon:
        if (!is_upper(stop.next) || stop.word.empty() || inside_guillemets(stop.begin)) return false;
        return prefixes_.colons_end_sentences || stop.next_quoted;
      case Stop::Kind::emoticon:
        return is_upper(stop.next) && stop.word.empty();
      case Stop::Kind::period:
        return period_ends_sentence(stop);
    }
    return true;
  }

  // Whether « stands open shortly before: a colon there is part of a title.
  bool inside_guillemets(std::size_t at) const {
    constexpr std::size_t kReach = 100;
    const std::size_t from = std::max(sentence_begin_, at - std::min(at, kReach));
    const std::string_view before = text_.substr(from, at - from);
    const std::size_t opened = before.rfind("«");
    return opened != std::string_view::npos && before.find("»", opened) == std::string_view::npos;
  }

  // A small letter continues a sentence, unless the word before is too long for an abbreviation, or the
  // writer began this sentence in lower case too.
  bool ends_before_lower_case(const Stop& stop) const {
    if (stop.quoted || stop.next_opened || stop.word.empty()) return false;
    if (stop.kind == Stop::Kind::period && is_plain_long_word(stop.word)) return period_ends_sentence(stop);
    if (!is_lower(decode_utf8(text_.substr(first_visible())).point)) return false;
    if (stop.kind == Stop::Kind::strong) return true;
    return stop.kind == Stop::Kind::period && decode_utf8(stop.word).length < stop.word.size() &&
           period_ends_sentence(stop);
  }

  // Six small letters or more and nothing else.
  static bool is_plain_long_word(std::string_view word) {
    bool plain = true;
    std::size_t letters = 0;
    for_each_code_point(word, [&](char32_t point, std::size_t, std::size_t) {
      plain = plain && is_lower(point);
      ++letters;
    });
    return plain && letters >= 6;
  }

  bool period_ends_sentence(const Stop& stop) const {
    if (stop.word.empty()) return is_upper(stop.next);
    if (stop.quoted) return true;
    if (is_number(stop.word)) return number_ends_sentence(stop);
    const std::string word = lower_case(stop.word);
    if (prefixes_.titles.contains(std::string_view(word).substr(0, word.find('.'))))
      return false;  // "dr.phil"
    if (is_digit(stop.next) && prefixes_.numeric.contains(word)) return false;
    if (prefixes_.abbreviations.contains(word) || is_initial(stop.word) || is_dotted(stop.word)) {
      return is_upper(stop.next) && next_is_opener(stop);
    }
    return true;
  }

  bool number_ends_sentence(const Stop& stop) const {
    if (stop.word.data() == text_.data() + first_visible()) return false;  // "1. Install the packages"
    if (prefixes_.after_ordinal.contains(lower_case(stop.next_word))) return false;
    if (is_counted(stop)) return true;
    // An ordinal has one or two digits; years and amounts end sentences.
    if (prefixes_.ordinals_have_dots && stop.word.size() <= 2 && !stop.next_opened)
      return next_is_opener(stop);
    return true;
  }

  // Where the current sentence begins, without white space and opening marks. Kept, since a sentence may hold
  // any number of stops.
  std::size_t first_visible() const {
    if (visible_of_ == sentence_begin_ && visible_ != 0) return visible_;
    std::size_t at = sentence_begin_;
    while (at < text_.size()) {
      const DecodedPoint decoded = decode_utf8(text_.substr(at));
      if (!is_blank(decoded.point) && !opens(decoded.point)) break;
      at += decoded.length;
    }
    visible_of_ = sentence_begin_;
    return visible_ = at;
  }

  bool next_is_opener(const Stop& stop) const {
    return !stop.next_shortened && prefixes_.openers.contains(lower_case(stop.next_word));
  }

  // Whether the number before a stop counts something: "nr. 24.", "klo 18."
  bool is_counted(const Stop& stop) const {
    std::size_t end = static_cast<std::size_t>(stop.word.data() - text_.data());
    while (end > sentence_begin_ && text_[end - 1] == ' ') --end;
    std::string_view word = word_before(end);
    if (word.ends_with('.')) word.remove_suffix(1);
    return prefixes_.numeric.contains(lower_case(word));
  }

  static bool is_number(std::string_view word) {
    return std::all_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
  }

  // One letter: "J. Svensson".
  static bool is_initial(std::string_view word) {
    const DecodedPoint decoded = decode_utf8(word);
    return decoded.length == word.size() && is_letter(decoded.point);
  }

  // Letters with dots between them: "t.ex", "U.S".
  static bool is_dotted(std::string_view word) {
    bool dot = false;
    std::size_t letters = 0;  // since the last dot
    bool plain = true;
    for_each_code_point(word, [&](char32_t point, std::size_t, std::size_t) {
      if (point == '.') {
        dot = true;
        plain = plain && letters > 0;
        letters = 0;
      } else {
        plain = plain && is_letter(point) && ++letters <= 3;
      }
    });
    return dot && plain;
  }

  std::string_view text_;
  const PrefixList& prefixes_;
  Newlines newlines_;
  std::size_t sentence_begin_ = 0;
  mutable std::size_t visible_of_ = 0;  // the sentence for which visible_ was found
  mutable std::size_t visible_ = 0;
  std::vector<std::size_t> found_;
};

}  // namespace

std::vector<std::size_t> sentence_ends_by_rules(std::string_view text, const PrefixList& prefixes,
                                                Newlines newlines) {
  return Scanner(text, prefixes, newlines).ends();
}

}  // namespace gpt::text
