#include "libcommon/text/sentence_stop.hpp"

#include "libcommon/text/utf8.hpp"
#include "libcommon/text/whitespace.hpp"
#include "libcommon/text/word_form.hpp"

namespace gpt::text {

// Bytes of the sentence-ending mark at a place, 0 if there is none.
std::size_t StopFinder::mark_length(std::size_t at) const {
  if (at >= text_.size()) return 0;
  const char c = text_[at];
  if (c == '.' || c == '!' || c == '?') return 1;
  return text_.compare(at, 3, "…") == 0 ? 3 : 0;
}

std::size_t StopFinder::marks_end(std::size_t at) const {
  while (const std::size_t length = mark_length(at)) at += length;
  return at;
}

std::size_t StopFinder::emoticon_length(std::size_t at) const {
  if (at >= text_.size() || (text_[at] != ':' && text_[at] != ';')) return 0;
  std::size_t end = at + 1;
  if (end < text_.size() && text_[end] == '-') ++end;
  if (end >= text_.size() || std::string_view("()DPp").find(text_[end]) == std::string_view::npos) return 0;
  ++end;
  while (end < text_.size() && (text_[end] == ')' || text_[end] == '(')) ++end;
  return blank_at(end) ? end - at : 0;
}

bool StopFinder::blank_at(std::size_t at) const {
  return at >= text_.size() || is_blank(decode_utf8(text_.substr(at)).point);
}

std::optional<Stop> StopFinder::stop_at(std::size_t at) const {
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

void StopFinder::take_marks(Stop& stop) const {
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
void StopFinder::take_emoticon(Stop& stop) const {
  std::size_t at = stop.end;
  if (at < text_.size() && text_[at] == ' ') ++at;
  if (const std::size_t length = emoticon_length(at)) stop.end = at + length;
}

void StopFinder::take_closing_marks(Stop& stop) const {
  while (stop.end < text_.size()) {
    const DecodedPoint decoded = decode_utf8(text_.substr(stop.end));
    if (!closes(decoded.point)) return;
    stop.quoted = true;
    stop.end += decoded.length;
  }
}

std::string_view StopFinder::word_before(std::size_t end) const {
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

void StopFinder::look_ahead(Stop& stop) const {
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
    stop.next_quoted |= is_quote(point);
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

}  // namespace gpt::text
