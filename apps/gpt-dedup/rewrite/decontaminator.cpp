#include "apps/gpt-dedup/rewrite/decontaminator.hpp"

#include <algorithm>

#include "libcommon/text/utf8.hpp"

namespace gpt::dedup {
namespace {

bool continues_a_point(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80; }

bool ends_a_sentence(char byte) { return byte == '.' || byte == '!' || byte == '?'; }

// Goes back over `points` code points from `at`, at most to 0; empty when that many are not there.
std::optional<std::size_t> stepped_back(std::string_view text, std::size_t at, std::size_t points) {
  for (; points > 0 && at > 0; --points) do
      --at;
    while (at > 0 && continues_a_point(text[at]));
  return points > 0 ? std::nullopt : std::optional(at);
}

std::size_t stepped_on(std::string_view text, std::size_t at, std::size_t points) {
  for (; points > 0 && at < text.size(); --points) do
      ++at;
    while (at < text.size() && continues_a_point(text[at]));
  return at;
}

bool has_more_than(std::string_view text, std::size_t points) {
  return stepped_on(text, 0, points) < text.size();
}

// Where the text before a match ends: behind the last of .!? at or before the character that stands
// each_side before the match; 0 when there is none but at the very beginning.
std::size_t end_of_front(std::string_view text, std::size_t match, std::size_t each_side) {
  const auto start = stepped_back(text, match, each_side);
  if (!start) return 0;
  std::size_t at = *start;
  while (at > 0 && !ends_a_sentence(text[at])) --at;
  return at > 0 ? at + 1 : 0;
}

// Where the text after a match begins, searched for from `from`.
std::size_t begin_of_rest(std::string_view text, std::size_t from) {
  while (from < text.size() && !ends_a_sentence(text[from])) ++from;
  return std::min(from + 1, text.size());
}

}  // namespace

Decontaminator::Decontaminator(const TaskNgrams& tasks, const CutLimits& limits)
    : tasks_(tasks), limits_(limits), lengths_(tasks.lengths()), hasher_(tasks.sizes().most) {}

std::optional<NgramId> Decontaminator::ngram_at(std::string_view text, std::size_t word, int length) const {
  const auto count = static_cast<std::size_t>(length);
  if (word + count > words_.size()) return std::nullopt;
  return tasks_.find(hasher_.hash(word, length), text, words_.subspan(word, count));
}

// The first word from which an n-gram may begin, or how many words there are.
std::size_t Decontaminator::next_beginning(std::size_t word) const {
  const int least = tasks_.sizes().least;
  for (; word + static_cast<std::size_t>(least) <= words_.size(); ++word)
    if (tasks_.may_begin(hasher_.hash(word, least))) return word;
  return words_.size();
}

std::vector<NgramId> Decontaminator::ngrams_of(std::string_view text) {
  words_ = scanner_.words(text);
  hasher_.take(words_);
  std::vector<NgramId> found;
  for (std::size_t word = next_beginning(0); word < words_.size(); word = next_beginning(word + 1))
    for (const int length : lengths_)
      if (const auto ngram = ngram_at(text, word, length)) found.push_back(*ngram);
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

std::optional<Decontaminator::Match> Decontaminator::match_at(std::string_view text, std::size_t word,
                                                              int length,
                                                              const NgramFrequencies& frequencies) const {
  const auto ngram = ngram_at(text, word, length);
  if (!ngram || frequencies.documents(*ngram) >= limits_.frequent) return std::nullopt;
  return Match{*ngram, word, static_cast<std::size_t>(length)};
}

std::optional<Decontaminator::Match> Decontaminator::first_match(std::string_view text, std::size_t from_word,
                                                                 const NgramFrequencies& frequencies) const {
  const auto most = static_cast<std::size_t>(tasks_.sizes().most);
  const std::size_t tail = std::max(from_word + most, words_.size()) - most;  // the last `most` words
  std::size_t word = next_beginning(from_word);
  for (; word < words_.size() && word <= tail; word = next_beginning(word + 1))
    for (const int length : lengths_)
      if (const auto match = match_at(text, word, length, frequencies)) return match;
  if (word == words_.size()) return std::nullopt;
  const std::size_t first = word;
  for (const int length : lengths_)
    for (word = first; word < words_.size(); word = next_beginning(word + 1))
      if (const auto match = match_at(text, word, length, frequencies)) return match;
  return std::nullopt;
}

CleanedText Decontaminator::cleaned(std::string_view text, const NgramFrequencies& frequencies) {
  CleanedText out;
  words_ = scanner_.words(text);
  hasher_.take(words_);
  std::size_t rest = 0;  // begin of what is still searched
  std::size_t word = 0;  // the first in it
  std::size_t counted_to = 0;
  std::size_t characters = 0;  // before counted_to
  while (true) {
    const auto match = first_match(text, word, frequencies);
    if (!match) {
      out.pieces.push_back(text.substr(rest));
      break;
    }
    const std::size_t begin = words_[match->first_word].begin;
    characters += text::count_code_points(text.substr(counted_to, begin - counted_to));
    counted_to = begin;
    out.cuts.push_back({match->ngram, characters});

    const std::size_t front = end_of_front(text.substr(rest), begin - rest, limits_.each_side);
    if (has_more_than(text.substr(rest, front), limits_.longest_dropped))
      out.pieces.push_back(text.substr(rest, front));
    // The n-gram as it is looked up, with single spaces, measures the way; all of it goes in any case.
    const std::size_t measured = text::count_code_points(tasks_.words(match->ngram)) + limits_.each_side;
    const std::size_t match_end = words_[match->first_word + match->words - 1].end;
    rest = begin_of_rest(text, std::max(stepped_on(text, begin, measured), match_end));
    if (!has_more_than(text.substr(rest), limits_.longest_dropped)) break;
    while (word < words_.size() && words_[word].begin < rest) ++word;
  }
  out.too_many_pieces = out.pieces.size() > limits_.most_pieces;
  return out;
}

}  // namespace gpt::dedup
