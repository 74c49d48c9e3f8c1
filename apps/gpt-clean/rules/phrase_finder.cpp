#include "apps/gpt-clean/rules/phrase_finder.hpp"

#include <algorithm>
#include <bit>
#include <stdexcept>

#include <unicode/uchar.h>

#include "apps/gpt-clean/rules/byte_kinds.hpp"
#include "libcommon/text/utf8.hpp"

namespace gpt::clean {
namespace {

constexpr std::size_t kMostSteps = std::size_t{1} << 28;

// A code point beyond ASCII, its case folded, in UTF-8.
struct FoldedPoint {
  std::array<char, 4> bytes{};
  std::size_t length = 0;
  std::size_t length_in_text = 0;
};

UChar32 fold(char32_t point) { return u_foldCase(static_cast<UChar32>(point), U_FOLD_CASE_DEFAULT); }

FoldedPoint folded_point(std::string_view text) {
  const text::DecodedPoint decoded = text::decode_utf8(text);
  std::string bytes;  // short enough to need no memory of its own
  text::append_utf8(bytes, static_cast<char32_t>(fold(decoded.point)));
  FoldedPoint point;
  point.length = bytes.copy(point.bytes.data(), point.bytes.size());
  point.length_in_text = decoded.length;
  return point;
}

std::string folded(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    if (static_cast<unsigned char>(text[at]) < 0x80) {
      out.push_back(lower(text[at++]));
      continue;
    }
    const FoldedPoint point = folded_point(text.substr(at));
    out.append(point.bytes.data(), point.length);
    at += point.length_in_text;
  }
  return out;
}

// Whether a text begins with a letter or a digit.
bool begins_alphanumeric(std::string_view text) {
  return !text.empty() && u_isalnum(fold(text::decode_utf8(text).point)) != 0;
}

}  // namespace

PhraseFinder::PhraseFinder(const std::vector<std::string>& phrases, Place place)
    : place_(place), phrases_(phrases) {
  std::erase(phrases_, std::string());
  std::size_t most_states = 1;
  for (const std::string& phrase : phrases_) {
    folded_.push_back(folded(phrase));
    points_.push_back(static_cast<std::uint32_t>(text::count_code_points(folded_.back())));
    longest_ = std::max<std::size_t>(longest_, points_.back());
    most_states += folded_.back().size();
  }
  number_bytes();
  if (most_states > kMostSteps / classes_) throw std::length_error("the list of phrases is too large");
  steps_.assign(classes_, 0);
  endings_.resize(1);
  shorter_.assign(phrases_.size(), kNone);
  std::vector<Origin> origins(1);
  for (std::uint32_t i = 0; i < phrases_.size(); ++i) add(i, origins);
  std::vector<std::uint32_t> fallback(endings_.size(), 0);
  count_endings(connect(fallback), fallback, origins);
  link_rows();
}

// The capitals of ASCII are of the class of their small letters; a text's other letters come folded. A line
// end or tab is as good as the space of a phrase.
void PhraseFinder::number_bytes() {
  for (const std::string& phrase : folded_) {
    for (const char c : phrase) {
      std::uint16_t& number = class_of_byte_[static_cast<unsigned char>(c)];
      if (number == 0) number = static_cast<std::uint16_t>(classes_++);
    }
  }
  for (char c = 'A'; c <= 'Z'; ++c)
    class_of_byte_[static_cast<unsigned char>(c)] = class_of_byte_[static_cast<unsigned char>(lower(c))];
  for (const char space : {'\n', '\t'}) {
    std::uint16_t& number = class_of_byte_[static_cast<unsigned char>(space)];
    if (number == 0) number = class_of_byte_[static_cast<unsigned char>(' ')];
  }
}

// Puts a phrase into the tree of all. While it grows a step is the number of a state, 0 where there is none.
void PhraseFinder::add(std::uint32_t phrase, std::vector<Origin>& origins) {
  std::uint32_t state = 0;
  for (const char c : folded_[phrase]) {
    if (step_of(state, c) == 0) {
      step_of(state, c) = static_cast<std::uint32_t>(endings_.size());
      steps_.resize(steps_.size() + classes_, 0);
      endings_.emplace_back();
      origins.push_back({phrase, origins[state].length + 1});
    }
    state = step_of(state, c);
  }
  if (endings_[state].own == kNone) endings_[state].own = phrase;  // of equal phrases the first
}

// Gives every state the steps that its longest proper end has where it has none itself. That end becomes its
// fallback. The states but the first, those of short texts first.
std::vector<std::uint32_t> PhraseFinder::connect(std::vector<std::uint32_t>& fallback) {
  std::vector<std::uint32_t> by_length;
  for (std::size_t c = 0; c < classes_; ++c) {
    if (steps_[c] != 0) by_length.push_back(steps_[c]);
  }
  for (std::size_t i = 0; i < by_length.size(); ++i) {
    const std::uint32_t state = by_length[i];
    for (std::size_t c = 0; c < classes_; ++c) {
      std::uint32_t& next = steps_[state * classes_ + c];
      const std::uint32_t from_end = steps_[fallback[state] * classes_ + c];
      if (next == 0) {
        next = from_end;
      } else {
        fallback[next] = from_end;
        by_length.push_back(next);
      }
    }
  }
  return by_length;
}

// Of the phrases that end in a state all but its own have their left neighbour in the state's text: whether
// they are words is known beforehand.
void PhraseFinder::count_endings(const std::vector<std::uint32_t>& by_length,
                                 const std::vector<std::uint32_t>& fallback,
                                 const std::vector<Origin>& origins) {
  for (const std::uint32_t state : by_length) {
    Ending& ending = endings_[state];
    const Ending& end = endings_[fallback[state]];
    ending.longest = ending.own == kNone ? end.longest : ending.own;
    if (ending.own != kNone) shorter_[ending.own] = end.longest;
    ending.counted = end.counted;
    if (place_ == Place::anywhere) {
      ending.counted += ending.own == kNone ? 0 : 1;
    } else if (end.own != kNone) {
      const std::string_view text = folded_[origins[state].phrase];
      const std::size_t begin = origins[state].length - origins[fallback[state]].length;
      ending.counted += begins_alphanumeric(text.substr(text::point_before(text, begin))) ? 0 : 1;
    }
  }
}

void PhraseFinder::link_rows() {
  for (std::uint32_t& step : steps_) {
    const bool has_ending = endings_[step].longest != kNone;
    step = static_cast<std::uint32_t>(2 * step * classes_) | (has_ending ? 1 : 0);
  }
}

std::uint32_t PhraseFinder::pass_point(std::uint32_t step, std::string_view text, std::size_t& at) const {
  if (static_cast<unsigned char>(text[at]) < 0x80) return after(step, text[at++]);
  const FoldedPoint point = folded_point(text.substr(at));
  for (std::size_t i = 0; i < point.length; ++i) step = after(step, point.bytes[i]);
  at += point.length_in_text;
  return step;
}

PhraseFinder::Found PhraseFinder::count_anywhere(std::string_view text, std::uint64_t most) const {
  Found found;
  std::uint32_t step = 0;
  for (std::size_t at = 0; at < text.size();) {
    step = pass_point(step, text, at);
    if (!has_ending(step)) continue;
    const Ending& ending = ending_of(step);
    if (found.count == 0) found.first = ending.longest;
    found.count += ending.counted;
    if (found.count > most) break;
  }
  return found;
}

// What stands before a phrase that ends with the last code point: the last ones of a text, as many as the
// longest phrase has and one more.
class PhraseFinder::PointsBefore {
 public:
  PointsBefore(std::string_view text, std::size_t longest)
      : text_(text), begins_(std::bit_ceil(std::min(longest, text.size()) + 1)) {}

  void add(std::size_t begin) { begins_[points_++ & (begins_.size() - 1)] = begin; }

  bool open_word(std::size_t points) const {
    if (points >= points_) return true;
    return !begins_alphanumeric(text_.substr(begins_[(points_ - 1 - points) & (begins_.size() - 1)]));
  }

 private:
  std::string_view text_;
  std::vector<std::size_t> begins_;
  std::size_t points_ = 0;
};

PhraseFinder::Found PhraseFinder::count_words(std::string_view text, std::uint64_t most) const {
  Found found;
  PointsBefore before(text, longest_);
  std::uint32_t step = 0;
  for (std::size_t at = 0; at < text.size();) {
    before.add(at);
    step = pass_point(step, text, at);
    if (!has_ending(step) || begins_alphanumeric(text.substr(at))) continue;
    const Ending& ending = ending_of(step);
    const bool own_counts = ending.own != kNone && before.open_word(points_[ending.own]);
    const std::uint64_t here = ending.counted + (own_counts ? 1 : 0);
    if (here == 0) continue;
    if (found.count == 0) {
      found.first = ending.longest;
      while (!before.open_word(points_[found.first])) found.first = shorter_[found.first];
    }
    found.count += here;
    if (found.count > most) break;
  }
  return found;
}

}  // namespace gpt::clean
