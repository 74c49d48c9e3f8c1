#include "apps/gpt-clean/rules/misread_line.hpp"

#include <algorithm>
#include <bitset>
#include <string_view>
#include <tuple>
#include <vector>

#include <unicode/uchar.h>

#include "apps/gpt-clean/rules/naturalness.hpp"

namespace gpt::clean {
namespace {

// In the unit of oddness(). A stretch that becomes so much less odd was surely misread; a lesser gain does
// where the document has been found damaged elsewhere.
constexpr int kSure = 25;
constexpr int kDoubtful = 10;
constexpr std::size_t kPlacesToBeBold = 2;
constexpr int kMostLayers = 6;

constexpr char32_t kLost = 0xFFFD;
constexpr char32_t kClosingQuote = 0x201D;

// One UTF-8 sequence as it was misread: count characters of the line, and what they meant.
struct Sequence {
  std::size_t count = 0;
  std::u32string meant;
  bool is_whole = false;  // no byte of it was lost
};

// Sequences that follow each other without a gap.
struct Stretch {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::u32string meant;
  int gain = 0;
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

  bool is_better_than(const Reading& other) const {
    return std::tie(is_one_piece, characters, gain) >
           std::tie(other.is_one_piece, other.characters, other.gain);
  }
};

std::size_t length_of_lead(unsigned byte) {
  if (byte >= 0xC2 && byte <= 0xDF) return 2;
  if (byte >= 0xE0 && byte <= 0xEF) return 3;
  return byte >= 0xF0 && byte <= 0xF4 ? 4 : 0;
}

// Reads a line as bytes of one page.
class PageReader {
 public:
  PageReader(const std::u32string& line, CodePage page) : line_(line), page_(page) {
    for (std::size_t at = 0; at < line.size();) {
      const auto found = whole_sequence_at(at);
      if (found) leads_.set(byte_at(at));
      at += found ? found->count : 1;
    }
  }

  // The sequence that begins there, whole or with a byte that can be told.
  std::optional<Sequence> sequence_at(std::size_t at) const {
    if (auto whole = whole_sequence_at(at)) return whole;
    return damaged_sequence_at(at);
  }

 private:
  unsigned byte_at(std::size_t at) const { return at < line_.size() ? high_byte(page_, line_[at]) : 0; }
  bool continues(std::size_t at) const { return (byte_at(at) & 0xC0u) == 0x80; }
  bool is_at(std::size_t at, char32_t point) const { return at < line_.size() && line_[at] == point; }

  std::optional<Sequence> whole_sequence_at(std::size_t at) const {
    const unsigned lead = byte_at(at);
    const std::size_t length = length_of_lead(lead);
    if (length == 0) return std::nullopt;
    char32_t point = lead & (0x7Fu >> length);
    for (std::size_t i = 1; i < length; ++i) {
      if (!continues(at + i)) return std::nullopt;
      point = point << 6 | (byte_at(at + i) & 0x3Fu);
    }
    if ((length == 3 && point < 0x800) || (length == 4 && point < 0x10000) || point > 0x10FFFF) {
      return std::nullopt;
    }
    if (point < 0xD800 || point > 0xDFFF) return Sequence{length, std::u32string(1, point), true};
    return surrogate_pair_at(at, point);
  }

  // Both halves of a character beyond 16 bits, each written as a sequence of its own.
  std::optional<Sequence> surrogate_pair_at(std::size_t at, char32_t high) const {
    if (high > 0xDBFF || byte_at(at + 3) != 0xED || !continues(at + 4) || !continues(at + 5))
      return std::nullopt;
    const char32_t low = 0xD000 | (byte_at(at + 4) & 0x3Fu) << 6 | (byte_at(at + 5) & 0x3Fu);
    if (low < 0xDC00 || low > 0xDFFF) return std::nullopt;
    return Sequence{6, std::u32string(1, 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)), true};
  }

  std::optional<Sequence> damaged_sequence_at(std::size_t at) const {
    const unsigned lead = byte_at(at);
    const std::size_t length = length_of_lead(lead);
    if (length == 0) return std::nullopt;
    if (auto quote = closing_quote_at(at)) return quote;
    if (auto spaced = sequence_with_space_at(at, lead, length)) return spaced;
    return sequence_with_loss_at(at, length);
  }

  // Windows-1252 has no character for the last byte of U+201D, which is often dropped or replaced.
  std::optional<Sequence> closing_quote_at(std::size_t at) const {
    if (page_ != CodePage::windows1252 && page_ != CodePage::windows1254) return std::nullopt;
    if (byte_at(at) != 0xE2 || byte_at(at + 1) != 0x80 || continues(at + 2)) return std::nullopt;
    return Sequence{is_at(at + 2, kLost) ? std::size_t{3} : 2, std::u32string(1, kClosingQuote), false};
  }

  // The byte 0xA0, a no-break space where it was misread, is often made a plain space.
  std::optional<Sequence> sequence_with_space_at(std::size_t at, unsigned lead, std::size_t length) const {
    if (!is_at(at + length - 1, U' ')) return std::nullopt;
    if (lead == 0xC2 || lead == 0xC3) {
      if (is_single_capital_at(at + 2)) return std::nullopt;  // a list of letters: "A Ã B"
      return lead == 0xC2 ? Sequence{2, U" ", false} : a_grave_at(at);
    }

    if (!leads_.test(lead)) return std::nullopt;
    char32_t point = lead & (0x7Fu >> length);
    for (std::size_t i = 1; i + 1 < length; ++i) {
      if (!continues(at + i)) return std::nullopt;
      point = point << 6 | (byte_at(at + i) & 0x3Fu);
    }
    point = point << 6 | 0x20;
    if ((length == 3 && point < 0x800) || (length == 4 && point < 0x10000) || point > 0x10FFFF)
      return std::nullopt;
    if (point >= 0xD800 && point <= 0xDFFF) return std::nullopt;
    return Sequence{length, std::u32string(1, point), false};
  }

  bool is_single_capital_at(std::size_t at) const {
    return at < line_.size() && u_isupper(static_cast<UChar32>(line_[at])) &&
           (at + 1 == line_.size() || line_[at + 1] == U' ');
  }

  // "à": mostly the end of a word, so that its space stood for two; but Portuguese contracts it.
  Sequence a_grave_at(std::size_t at) const {
    const std::u32string_view rest = std::u32string_view(line_).substr(at + 2);
    if (rest.starts_with(U' ')) return {2, U"\u00E0", false};
    for (const std::u32string_view ending : {U"s ", U"quele", U"quela", U"quilo"}) {
      if (rest.starts_with(ending)) return {2, U"\u00E0", false};
    }
    return {2, U"\u00E0 ", false};
  }

  // With U+FFFD for a byte that the page lacks: the character cannot be told, but where it ends can.
  std::optional<Sequence> sequence_with_loss_at(std::size_t at, std::size_t length) const {
    bool lost = false;
    for (std::size_t i = 1; i < length; ++i) {
      if (is_at(at + i, kLost)) {
        lost = true;
      } else if (!continues(at + i)) {
        return std::nullopt;
      }
    }
    if (!lost) return std::nullopt;
    return Sequence{length, std::u32string(1, kLost), false};
  }

  const std::u32string& line_;
  CodePage page_;
  std::bitset<256> leads_;  // of whole sequences
};

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
  const std::u32string_view all = line;
  const char32_t before = stretch.begin > 0 ? line[stretch.begin - 1] : U' ';
  const char32_t after = stretch.end < line.size() ? line[stretch.end] : U' ';
  return oddness(all.substr(stretch.begin, stretch.end - stretch.begin), before, after) -
         oddness(stretch.meant, before, after);
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
      reading.stretches.push_back({at, at, {}, 0});
    }
    at += sequence->count;
    reading.stretches.back().end = at;
    reading.stretches.back().meant += sequence->meant;
  }
  for (Stretch& stretch : reading.stretches) stretch.gain = gain_of(line, stretch);
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

std::optional<std::u32string> MisreadLines::repair_once(const std::u32string& line) {
  const CodePageSet candidates = pages_with_leads(line);
  Reading best;
  for (std::size_t i = 0; i < kCodePages; ++i) {
    const auto page = static_cast<CodePage>(i);
    if ((candidates & set_of(page)) == 0) continue;
    Reading reading = read_as(line, page);
    judge(reading, sure_places_[i] >= kPlacesToBeBold);
    if (reading.is_better_than(best)) best = std::move(reading);
  }
  if (best.stretches.empty()) return std::nullopt;
  sure_places_[static_cast<std::size_t>(best.page)] += best.sure;
  return put_right(line, best);
}

std::optional<std::u32string> MisreadLines::repair(const std::u32string& line) {
  std::optional<std::u32string> repaired = repair_once(line);
  for (int layer = 1; repaired && layer < kMostLayers; ++layer) {
    std::optional<std::u32string> next = repair_once(*repaired);
    if (!next) break;
    repaired = std::move(next);
  }
  return repaired;
}

}  // namespace gpt::clean
