#include "apps/gpt-clean/rules/phrase_finder.hpp"

#include <algorithm>
#include <stdexcept>

#include <unicode/uchar.h>

#include "apps/gpt-clean/rules/byte_kinds.hpp"
#include "libcommon/text/utf8.hpp"

namespace gpt::clean {
namespace {

constexpr std::size_t kMostSteps = std::size_t{1} << 28;

}  // namespace

PhraseFinder::PhraseFinder(const std::vector<std::string>& phrases) : phrases_(phrases) {
  std::erase(phrases_, std::string());
  std::size_t most_states = 1;
  for (const std::string& phrase : phrases_) {
    folded_.push_back(folded(phrase));
    points_.push_back(text::count_code_points(folded_.back()));
    most_states += folded_.back().size();
  }
  number_bytes();
  if (most_states > kMostSteps / classes_) throw std::length_error("the list of phrases is too large");
  steps_.assign(classes_, 0);
  ends_.assign(1, kNone);
  shorter_.assign(phrases_.size(), kNone);
  for (std::uint32_t i = 0; i < phrases_.size(); ++i) add(i);
  connect();
}

PhraseFinder::FoldedPoint PhraseFinder::folded_point(std::string_view text) {
  const text::DecodedPoint decoded = text::decode_utf8(text);
  std::string bytes;  // short enough to need no memory of its own
  text::append_utf8(
      bytes, static_cast<char32_t>(u_foldCase(static_cast<UChar32>(decoded.point), U_FOLD_CASE_DEFAULT)));
  FoldedPoint point;
  point.length = bytes.copy(point.bytes.data(), point.bytes.size());
  point.length_in_text = decoded.length;
  return point;
}

std::string PhraseFinder::folded(std::string_view text) {
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

std::size_t PhraseFinder::begin_of(std::string_view text, std::size_t end, std::size_t points) {
  std::size_t begin = end;
  while (points > 0 && begin > 0) {
    if ((static_cast<unsigned char>(text[--begin]) & 0xC0u) != 0x80) --points;
  }
  return begin;
}

// The capitals of ASCII are of the class of their small letters; a text's other letters come folded.
void PhraseFinder::number_bytes() {
  for (const std::string& phrase : folded_) {
    for (const char c : phrase) {
      std::uint16_t& number = class_of_byte_[static_cast<unsigned char>(c)];
      if (number == 0) number = static_cast<std::uint16_t>(classes_++);
    }
  }
  for (char c = 'A'; c <= 'Z'; ++c)
    class_of_byte_[static_cast<unsigned char>(c)] = class_of_byte_[static_cast<unsigned char>(lower(c))];
}

// Puts a phrase into the tree of all. 0 as a step means that there is none yet.
void PhraseFinder::add(std::uint32_t phrase) {
  std::uint32_t state = 0;
  for (const char c : folded_[phrase]) {
    if (after(state, c) == 0) {
      const auto fresh = static_cast<std::uint32_t>(ends_.size());
      steps_.resize(steps_.size() + classes_, 0);
      ends_.push_back(kNone);
      steps_[place(state, c)] = fresh;
    }
    state = after(state, c);
  }
  if (ends_[state] == kNone) ends_[state] = phrase;  // of equal phrases the first
}

// Level by level, gives every state the steps that its longest proper end has where it has none itself.
void PhraseFinder::connect() {
  std::vector<std::uint32_t> fallback(ends_.size(), 0);
  std::vector<std::uint32_t> level;
  for (std::size_t c = 0; c < classes_; ++c) {
    if (steps_[c] != 0) level.push_back(steps_[c]);
  }
  for (std::size_t i = 0; i < level.size(); ++i) {
    const std::uint32_t state = level[i];
    const std::uint32_t end = fallback[state];
    if (ends_[state] == kNone) {
      ends_[state] = ends_[end];
    } else {
      shorter_[ends_[state]] = ends_[end];
    }
    for (std::size_t c = 0; c < classes_; ++c) {
      std::uint32_t& next = steps_[state * classes_ + c];
      const std::uint32_t from_end = steps_[end * classes_ + c];
      if (next == 0) {
        next = from_end;
      } else {
        fallback[next] = from_end;
        level.push_back(next);
      }
    }
  }
}

}  // namespace gpt::clean
