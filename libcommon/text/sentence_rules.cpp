#include "libcommon/text/sentence_rules.hpp"

#include <algorithm>
#include <optional>

#include "libcommon/text/sentence_stop.hpp"
#include "libcommon/text/utf8.hpp"
#include "libcommon/text/word_form.hpp"

namespace gpt::text {
namespace {

class Scanner {
 public:
  Scanner(std::string_view text, const PrefixList& prefixes, Newlines newlines)
      : text_(text), prefixes_(prefixes), newlines_(newlines), stops_(text) {}

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
      const std::optional<Stop> stop = stops_.stop_at(at);
      if (!stop) {
        at = std::max(at + 1, stops_.marks_end(at));
        continue;
      }
      if (stop->next != 0 && ends_sentence(*stop)) end_sentence(stop->end);
      at = stop->end;
    }
    if (found_.empty() || found_.back() != text_.size()) found_.push_back(text_.size());
    return std::move(found_);
  }

 private:
  std::size_t sentence_begin() const { return stops_.sentence_begin(); }

  void end_sentence(std::size_t at) {
    found_.push_back(at);
    stops_.begin_sentence(at);
  }

  bool watches_colons() const {
    return prefixes_.colons_end_sentences || prefixes_.colons_before_quotes_end_sentences;
  }

  // The next byte that may begin a stop: . ! ? newline, the first byte of an ellipsis, a colon, an emoticon.
  std::size_t next_mark(std::size_t at) const {
    while (at < text_.size()) {
      const char c = text_[at];
      if (c == '.' || c == '!' || c == '?' || c == '\n' || c == '\xE2') break;
      if (c == ':' && (watches_colons() || stops_.emoticon_length(at) > 0)) break;
      if (c == ';' && stops_.emoticon_length(at) > 0) break;
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
    const std::string_view before = stops_.word_before(at);
    if (at <= first_visible() || before.empty() || !ends_heading(before)) return false;
    std::string_view rest = text_.substr(at + 1);
    for (const std::string_view dash : {"- ", "– "}) {
      if (rest.starts_with(dash)) rest.remove_prefix(dash.size());
    }
    const std::string_view word = rest.substr(0, rest.find(' '));
    if (word.size() == rest.size() || word.empty()) return false;
    if (!is_capitalised(word)) return false;
    const std::string lowered = lower_case(word);
    const bool listed = prefixes_.restarts.contains(lowered) ||
                        (is_in_capitals(before) && prefixes_.openers.contains(lowered));
    if (!listed || prefixes_.openers.contains(before)) return false;  // "chef for Den jyske Opera"
    return is_lower(decode_utf8(rest.substr(word.size() + 1)).point);
  }

  bool ends_sentence(const Stop& stop) const {
    if (is_lower(stop.next)) return ends_before_lower_case(stop);
    switch (stop.kind) {
      case Stop::Kind::strong:
        return !stop.word.empty() || stop.begin == sentence_begin();  // "(!)" stands inside a sentence
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
    const std::size_t from = std::max(sentence_begin(), at - std::min(at, kReach));
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
    if (visible_of_ == sentence_begin() && visible_ != 0) return visible_;
    std::size_t at = sentence_begin();
    while (at < text_.size()) {
      const DecodedPoint decoded = decode_utf8(text_.substr(at));
      if (!is_blank(decoded.point) && !opens(decoded.point)) break;
      at += decoded.length;
    }
    visible_of_ = sentence_begin();
    return visible_ = at;
  }

  bool next_is_opener(const Stop& stop) const {
    return !stop.next_shortened && prefixes_.openers.contains(lower_case(stop.next_word));
  }

  // Whether the number before a stop counts something: "nr. 24.", "klo 18."
  bool is_counted(const Stop& stop) const {
    std::size_t end = static_cast<std::size_t>(stop.word.data() - text_.data());
    while (end > sentence_begin() && text_[end - 1] == ' ') --end;
    std::string_view word = stops_.word_before(end);
    if (word.ends_with('.')) word.remove_suffix(1);
    return prefixes_.numeric.contains(lower_case(word));
  }

  std::string_view text_;
  const PrefixList& prefixes_;
  Newlines newlines_;
  StopFinder stops_;
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
