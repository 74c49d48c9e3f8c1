#include "apps/gpt-clean/rules/mojibake.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "apps/gpt-clean/rules/code_pages.hpp"
#include "apps/gpt-clean/rules/misread_line.hpp"
#include "libcommon/text/utf8.hpp"
#include "libcommon/text/windows1252.hpp"

namespace gpt::clean {
namespace {

constexpr std::size_t kBlock = 64;
// A longer line is judged in pieces: what is far away tells little, and memory stays small.
constexpr std::size_t kLongestPiece = std::size_t{16} << 10;

unsigned char byte_at(std::string_view text, std::size_t at) { return static_cast<unsigned char>(text[at]); }

// Whether a place can begin damage: the last byte of a character beyond ASCII before another of those, or "Ã"
// or "Â" before a space.
bool may_begin(unsigned char previous, unsigned char byte, unsigned char next) {
  return (byte >= 0x80 && next >= 0xC2) ||
         (previous == 0xC3 && (byte == 0x82 || byte == 0x83) && next == ' ');
}

// The same for a block at once; reads one byte before it and one behind.
bool may_hold_beginning(const unsigned char* block) {
  const unsigned char* const previous = block - 1;
  unsigned char found = 0;  // a byte, as what it is made of, so that the compiler takes many at once
  const auto flag = [](bool value) { return static_cast<unsigned char>(value ? 1 : 0); };
  for (std::size_t i = 0; i < kBlock; ++i) {
    const unsigned char pair = flag(block[i] >= 0x80) & flag(block[i + 1] >= 0xC2);
    const unsigned char spaced = flag(previous[i] == 0xC3) & flag(block[i + 1] == ' ');
    found = static_cast<unsigned char>(found | pair | spaced);
  }
  return found != 0;
}

// The character whose last byte lies at that place.
char32_t point_ending_at(std::string_view text, std::size_t at) {
  while ((byte_at(text, at) & 0xC0u) == 0x80) --at;
  return text::decode_utf8(text.substr(at)).point;
}

// Whether the characters on both sides of a place are a lead and a continuation in one code page.
bool is_suspicious(std::string_view text, std::size_t at) {
  if (text[at + 1] == ' ') return true;
  const char32_t first = point_ending_at(text, at);
  const char32_t second = text::decode_utf8(text.substr(at + 1)).point;
  const CodePageSet leads = lead_pages(first);
  return second == text::kReplacement ? leads != 0 : (leads & continuation_pages(second)) != 0;
}

// The first place from `from` on where a sequence may have been misread, or npos.
std::size_t find_suspicion(std::string_view text, std::size_t from) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  for (std::size_t at = std::max<std::size_t>(from, 1); at + 1 < text.size();) {
    if (at + kBlock < text.size() && !may_hold_beginning(bytes + at)) {
      at += kBlock;
      continue;
    }
    const std::size_t stop = std::min(at + kBlock, text.size() - 1);
    for (; at < stop; ++at) {
      if (may_begin(bytes[at - 1], bytes[at], bytes[at + 1]) && is_suspicious(text, at)) return at;
    }
  }
  return std::string_view::npos;
}

// The line that holds a place, or a piece of it that ends at a space; its begin is not before `least`.
std::string_view piece_around(std::string_view text, std::size_t place, std::size_t least) {
  std::size_t begin = place;
  const std::size_t earliest = place - std::min(place - least, kLongestPiece / 2);
  while (begin > earliest && text[begin - 1] != '\n') --begin;
  while (begin > least && (byte_at(text, begin) & 0xC0u) == 0x80) --begin;
  // no farther than a piece goes, else a long line would be searched to its end for each of its pieces
  const std::string_view ahead = text.substr(place, kLongestPiece + 1);
  std::size_t end = place + std::min(ahead.find('\n'), ahead.size());
  if (end - begin > kLongestPiece) {
    end = std::min(text.find_first_of(" \n", begin + kLongestPiece), text.size());
  }
  return text.substr(begin, end - begin);
}

std::u32string decoded(std::string_view text) {
  std::u32string points;
  points.reserve(text.size());
  text::for_each_code_point(text, [&](char32_t point, std::size_t, std::size_t) { points.push_back(point); });
  return points;
}

// One sweep over the text; nothing where every line is sound.
std::optional<std::string> sweep(std::string_view text, MisreadLines& lines) {
  std::optional<std::string> out;
  std::size_t done = 0;
  for (std::size_t place = find_suspicion(text, 0); place != std::string_view::npos;
       place = find_suspicion(text, done)) {
    const std::string_view piece = piece_around(text, place, done);
    const auto begin = static_cast<std::size_t>(piece.data() - text.data());
    const std::size_t end = begin + piece.size();
    const auto repaired = lines.repair(decoded(piece));
    if (repaired && !out) {
      out.emplace().reserve(text.size());
      out->append(text, 0, done);
    }
    if (out) {
      out->append(text, done, repaired ? begin - done : end - done);
      if (repaired) {
        for (const char32_t point : *repaired) text::append_utf8(*out, point);
      }
    }
    done = end;
  }
  if (out) out->append(text, done);
  return out;
}

bool has_c1_control(std::string_view text) {
  for (std::size_t at = text.find('\xC2'); at != std::string_view::npos; at = text.find('\xC2', at + 1)) {
    if (byte_at(text, at + 1) < 0xA0) return true;
  }
  return false;
}

std::optional<std::string> repaired_once(std::string_view text) {
  MisreadLines lines;
  std::optional<std::string> repaired = sweep(text, lines);
  if (lines.learned_after_a_guess()) repaired = sweep(text, lines);
  if (!lines.is_bold()) return repaired;
  std::optional<std::string> again = sweep(repaired ? *repaired : text, lines);
  return again ? again : repaired;
}

// With C1 controls read as Windows-1252, where a text has any.
std::optional<std::string> repaired_with_controls(std::string_view text) {
  std::optional<std::string> repaired = repaired_once(text);
  if (!has_c1_control(repaired ? *repaired : text)) return repaired;
  std::string read = read_c1_controls(repaired ? *repaired : text);
  return read == text ? std::nullopt : std::optional(std::move(read));
}

// Beside what is put right something else may begin to look odd, which another run would find.
template <class Repair>
std::optional<std::string> repeated(std::string_view text, Repair repair) {
  constexpr int kMostRounds = 3;
  std::optional<std::string> repaired = repair(text);
  for (int round = 1; repaired && round < kMostRounds; ++round) {
    std::optional<std::string> again = repair(*repaired);
    if (!again || *again == *repaired) break;
    repaired = std::move(again);
  }
  return repaired;
}

}  // namespace

std::string undo_mojibake(std::string_view text) {
  return repeated(text, repaired_once).value_or(std::string(text));
}

std::string read_c1_controls(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  text::for_each_code_point(text, [&](char32_t point, std::size_t begin, std::size_t length) {
    if (point >= 0x80 && point < 0xA0) {
      text::append_utf8(out, text::windows1252_point(static_cast<unsigned char>(point)));
    } else {
      out.append(text, begin, length);
    }
  });
  return out;
}

Outcome MojibakeRule::apply(WorkingDocument& document) {
  std::optional<std::string> repaired = repeated(document.text, repaired_with_controls);
  if (!repaired) return untouched();
  document.text = std::move(*repaired);
  return changed();
}

RuleKind mojibake_kind() {
  return {.name = "mojibake",
          .summary = "UTF-8 that was read in a one-byte encoding, several times over too, is put right",
          .source = "what ftfy repairs, by a measure of its own",
          .unit = Rule::Unit::documents_changed,
          .parameters = {},
          .make = [](const Settings&) { return std::make_unique<MojibakeRule>(); }};
}

}  // namespace gpt::clean
