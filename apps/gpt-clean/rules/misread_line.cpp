#include "apps/gpt-clean/rules/misread_line.hpp"

#include <algorithm>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "apps/gpt-clean/rules/likely_letters.hpp"
#include "apps/gpt-clean/rules/naturalness.hpp"
#include "apps/gpt-clean/rules/page_reader.hpp"

namespace gpt::clean {
namespace {

// In the unit of oddness(). A stretch that becomes so much less odd was surely misread; a lesser gain does
// where the document has been found damaged elsewhere.
constexpr int kSure = 25;
constexpr int kDoubtful = 10;
constexpr std::size_t kPlacesToBeBold = 2;
constexpr int kMostLayers = 6;
// By so much a reading is to be better than any other to tell the page; so much each line that does is worth
// for others, and so many lines count.
constexpr int kClear = 10;
constexpr int kWorthOfALine = 4;
constexpr int kMostEvidence = 3;

constexpr std::u32string_view kByteOrderMark = U"\uFEFF";

// Sequences that follow each other without a gap.
struct Stretch {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::u32string meant;
  int gain = 0;
  std::size_t layer = 0;  // that meaning was misread so many times more, in the same page
};

// What a line looks like when it is read as misread in one page.
struct Reading {
  CodePage page = CodePage::windows1252;
  std::vector<Stretch> stretches;
  bool has_strays = false;  // characters beyond ASCII outside them
  std::size_t sure = 0;     // stretches
  // Of what is accepted: a line that is damaged as a whole goes before one damaged in places, more characters
  // before fewer; how much less odd it becomes settles the rest, since what lies under one layer of damage
  // may be another.
  bool is_one_piece = false;
  std::size_t characters = 0;
  int gain = 0;
  int evidence = 0;  // what other lines tell of the page, in the same unit

  bool is_better_than(const Reading& other) const {
    return std::tuple(is_one_piece, characters, gain + evidence) >
           std::tuple(other.is_one_piece, other.characters, other.gain + other.evidence);
  }
};

struct Surroundings {
  char32_t before;
  char32_t after;
};

Surroundings around(const std::u32string& line, const Stretch& stretch) {
  return {stretch.begin > 0 ? line[stretch.begin - 1] : U' ',
          stretch.end < line.size() ? line[stretch.end] : U' '};
}

// Whether a stretch lies among characters in the order of their numbers, as where an alphabet is listed.
bool is_in_a_list(const std::u32string& line, const Stretch& stretch) {
  constexpr std::size_t kEnough = 4;
  const std::size_t begin = stretch.begin - std::min(stretch.begin, kEnough - 1);
  const std::size_t end = std::min(line.size(), stretch.end + kEnough - 1);
  std::size_t run = 1;
  for (std::size_t i = begin + 1; i < end; ++i) {
    run = line[i] == line[i - 1] + 1 ? run + 1 : 1;
    if (run == kEnough && line[i] >= 0x80) return true;
  }
  return false;
}

int gain_of(const std::u32string& line, const Stretch& stretch) {
  if (is_in_a_list(line, stretch)) return -1;
  if (stretch.meant == kByteOrderMark) return kSure;
  const std::u32string_view all = line;
  const auto [before, after] = around(line, stretch);
  return oddness(all.substr(stretch.begin, stretch.end - stretch.begin), before, after) -
         oddness(stretch.meant, before, after);
}

// What characters mean that are nothing but whole sequences of a page, ASCII between them.
std::optional<std::u32string> meaning_throughout(const std::u32string& points, CodePage page) {
  if (points.size() < 2 || (points[0] >= 0x80 && (lead_pages(points[0]) & set_of(page)) == 0))
    return std::nullopt;
  const PageReader reader(points, page);
  std::u32string meant;
  for (std::size_t at = 0; at < points.size();) {
    if (points[at] < 0x80) {
      meant.push_back(points[at++]);
      continue;
    }
    const auto sequence = reader.whole_sequence_at(at);
    if (!sequence) return std::nullopt;
    meant += sequence->meant;
    at += sequence->count;
  }
  if (meant.size() == points.size()) return std::nullopt;
  return meant;
}

// What a stretch means if it was misread several times in a row, the layers one below the other.
std::vector<Stretch> layers_of(const std::u32string& line, Stretch stretch, CodePage page) {
  std::vector<Stretch> layers;
  stretch.gain = gain_of(line, stretch);
  layers.push_back(stretch);
  for (int layer = 1; layer < kMostLayers; ++layer) {
    auto meant = meaning_throughout(stretch.meant, page);
    if (!meant) break;
    stretch.meant = std::move(*meant);
    stretch.gain = gain_of(line, stretch);
    ++stretch.layer;
    layers.push_back(stretch);
  }
  return layers;
}

bool is_less_odd(const Stretch& a, const Stretch& b) { return a.gain < b.gain; }

// Takes of each stretch the layer that is least odd; of equals the one nearest to as many layers as the line
// has elsewhere.
void choose_layers(const std::u32string& line, Reading& reading, std::size_t least_layer) {
  std::vector<std::vector<Stretch>> all;
  std::size_t deepest = least_layer;
  for (const Stretch& stretch : reading.stretches) {
    all.push_back(layers_of(line, stretch, reading.page));
    deepest = std::max(deepest, std::max_element(all.back().begin(), all.back().end(), is_less_odd)->layer);
  }
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto best = std::max_element(all[i].begin(), all[i].end(), is_less_odd);
    auto chosen = best;
    for (auto layer = best; layer != all[i].end() && layer->layer <= deepest; ++layer) {
      if (layer->gain == best->gain) chosen = layer;
    }
    reading.stretches[i] = *chosen;
  }
}

bool is_latin_line(const std::u32string& line) {
  constexpr std::ptrdiff_t kEnough = 20;
  return kEnough <= std::count_if(line.begin(), line.end(), [](char32_t point) {
           return (point >= 'a' && point <= 'z') || (point >= 'A' && point <= 'Z');
         });
}

// The only Cyrillic letters of a line in Latin ones, as words by themselves ("er \u0413\u0490 si"), are
// hardly meant.
void doubt_cyrillic_islands(Reading& reading) {
  for (Stretch& stretch : reading.stretches) {
    if (stretch.gain >= 0 && stretch.meant[0] < 0x400) stretch.gain += kSure;
  }
}

// Code page 866 begins sequences of two bytes with box drawings; those of three look like Cyrillic words.
bool has_box_drawing(const std::u32string& line, const Reading& reading) {
  return std::any_of(reading.stretches.begin(), reading.stretches.end(), [&](const Stretch& stretch) {
    return line[stretch.begin] >= 0x2500 && line[stretch.begin] < 0x25A0;
  });
}

Reading read_as(const std::u32string& line, CodePage page) {
  const PageReader reader(line, page);
  Reading reading;
  reading.page = page;
  for (std::size_t at = 0; at < line.size();) {
    const auto sequence = line[at] >= 0x80 ? reader.sequence_at(at) : std::nullopt;
    if (!sequence) {
      reading.has_strays = reading.has_strays || line[at] >= 0x80;
      ++at;
      continue;
    }
    if (reading.stretches.empty() || reading.stretches.back().end != at) {
      reading.stretches.push_back({at, at, {}, 0, 0});
    }
    at += sequence->count;
    reading.stretches.back().end = at;
    reading.stretches.back().meant += sequence->meant;
  }
  if (page == CodePage::cp866 && !has_box_drawing(line, reading)) return {};
  const bool cyrillic_in_latin = page == CodePage::windows1251 && !reading.has_strays && is_latin_line(line);
  choose_layers(line, reading, cyrillic_in_latin ? 1 : 0);
  if (cyrillic_in_latin) doubt_cyrillic_islands(reading);
  return reading;
}

// Leaves only the stretches to put right. A line without a stray character is taken as a whole.
void judge(Reading& reading, bool bold) {
  int total = 0;
  bool is_one_piece = !reading.has_strays && !reading.stretches.empty();
  for (const Stretch& stretch : reading.stretches) {
    total += stretch.gain;
    reading.sure += stretch.gain >= kSure ? 1 : 0;
    is_one_piece = is_one_piece && stretch.gain >= 0;
  }
  int least = bold || reading.sure > 1 ? kDoubtful : kSure;
  reading.is_one_piece = is_one_piece && total >= (bold ? kDoubtful : kSure);
  if (reading.is_one_piece) least = 0;
  std::erase_if(reading.stretches, [least](const Stretch& stretch) { return stretch.gain < least; });
  for (const Stretch& stretch : reading.stretches) {
    reading.gain += stretch.gain;
    reading.characters += stretch.end - stretch.begin;
  }
}

std::u32string put_right(const std::u32string& line, const Reading& reading) {
  std::u32string out;
  out.reserve(line.size());
  std::size_t copied = 0;
  for (const Stretch& stretch : reading.stretches) {
    out.append(line, copied, stretch.begin - copied);
    out += stretch.meant;
    copied = stretch.end;
  }
  return out.append(line, copied);
}

int unlikeliness_of(const std::u32string& line, const Reading& reading, int nordic) {
  for (const Stretch& stretch : reading.stretches) nordic += nordic_letters(stretch.meant);
  int total = 0;
  for (const Stretch& stretch : reading.stretches) {
    const auto [before, after] = around(line, stretch);
    total += unlikeliness(stretch.meant, before, after, nordic);
  }
  return total;
}

// How surely a reading was chosen among those of other pages: these are clearly worse, mean the same, or may
// be what is right.
enum class Certainty { clear, no_matter, guess };

Certainty certainty_of(const std::u32string& line, const Reading& best,
                       const std::vector<Reading>& readings) {
  Certainty certainty = Certainty::clear;
  for (const Reading& other : readings) {
    const bool alike = &other != &best && other.is_one_piece == best.is_one_piece &&
                       other.characters == best.characters && best.gain - other.gain < kClear;
    if (!alike) continue;
    if (put_right(line, other) != put_right(line, best)) return Certainty::guess;
    certainty = Certainty::no_matter;
  }
  return certainty;
}

CodePageSet pages_with_leads(const std::u32string& line) {
  CodePageSet pages = 0;
  for (const char32_t point : line) {
    if (point >= 0x80) pages = static_cast<CodePageSet>(pages | lead_pages(point));
  }
  return pages;
}

}  // namespace

bool MisreadLines::is_bold() const {
  return std::any_of(sure_places_.begin(), sure_places_.end(),
                     [](std::size_t places) { return places >= kPlacesToBeBold; });
}

bool MisreadLines::learned_after_a_guess() {
  const bool learned = learned_;
  guessed_ = learned_ = false;
  return learned;
}

std::optional<std::u32string> MisreadLines::repair_once(const std::u32string& line) {
  const CodePageSet candidates = pages_with_leads(line);
  std::vector<Reading> readings;
  for (std::size_t i = 0; i < kCodePages; ++i) {
    const auto page = static_cast<CodePage>(i);
    if ((candidates & set_of(page)) == 0) continue;
    Reading reading = read_as(line, page);
    judge(reading, sure_places_[i] >= kPlacesToBeBold);
    if (reading.stretches.empty()) continue;
    reading.evidence = kWorthOfALine * std::min(clear_lines_[i], kMostEvidence);
    readings.push_back(std::move(reading));
  }
  if (readings.empty()) return std::nullopt;
  const int nordic = nordic_words_ + nordic_words(line);
  for (Reading& reading : readings) reading.gain -= unlikeliness_of(line, reading, nordic);
  const auto best = std::max_element(readings.begin(), readings.end(),
                                     [](const Reading& a, const Reading& b) { return b.is_better_than(a); });
  const auto page = static_cast<std::size_t>(best->page);
  sure_places_[page] += best->sure;
  switch (certainty_of(line, *best, readings)) {
    case Certainty::clear:
      ++clear_lines_[page];
      learned_ = learned_ || guessed_;
      break;
    case Certainty::no_matter:
      break;
    case Certainty::guess:
      guessed_ = guessed_ || best->evidence == 0;
      break;
  }
  return put_right(line, *best);
}

std::optional<std::u32string> MisreadLines::repair(const std::u32string& line) {
  std::optional<std::u32string> repaired = repair_once(line);
  for (int layer = 1; repaired && layer < kMostLayers; ++layer) {
    std::optional<std::u32string> next = repair_once(*repaired);
    if (!next) break;
    repaired = std::move(next);
  }
  if (repaired) nordic_words_ += nordic_words(line);
  return repaired;
}

}  // namespace gpt::clean
