#include "apps/gpt-clean/rules/mojibake.hpp"

#include <algorithm>
#include <optional>

#include "libcommon/text/utf8.hpp"
#include "libcommon/text/windows1252.hpp"

namespace gpt::clean {
namespace {

constexpr int kMostPasses = 3;

// How surely bytes that form one UTF-8 character were meant as such.
enum class Evidence { none, weak, strong };

Evidence evidence_of(std::string_view bytes) {
  const auto first = static_cast<unsigned char>(bytes[0]);
  const auto second = static_cast<unsigned char>(bytes[1]);
  if (first == 0xC3) return Evidence::strong;                    // Ã before a sign: a Latin letter
  if (first == 0xC2 && second >= 0xA0) return Evidence::strong;  // Â before a sign: that sign
  if (first == 0xC2) return Evidence::weak;
  if (first == 0xE2 && second >= 0x80 && second <= 0x9F) return Evidence::strong;  // â€: punctuation, symbols
  if (first == 0xEF && second >= 0xBB) return Evidence::strong;  // ï»¿: a byte order mark
  if (first == 0xF0 && second == 0x9F) return Evidence::strong;  // ðŸ: emoji
  return Evidence::weak;
}

struct Misread {
  std::size_t length;      // bytes of the damaged text
  std::string characters;  // what was meant
  Evidence evidence;
};

// The misread character that begins at the front of the text, if there is one.
std::optional<Misread> misread_at(std::string_view text) {
  std::string bytes;
  std::size_t length = 0;
  while (bytes.size() < 4 && length < text.size()) {
    const text::DecodedPoint decoded = text::decode_utf8(text.substr(length));
    const auto byte = text::windows1252_byte(decoded.point);
    if (!byte || *byte < 0x80) break;
    bytes.push_back(static_cast<char>(*byte));
    length += decoded.length;
    const text::DecodedPoint meant = text::decode_utf8(bytes);
    if (meant.valid) return Misread{length, bytes, evidence_of(bytes)};
  }
  return std::nullopt;
}

bool may_hold_mojibake(std::string_view text) {
  // Ã, Â, â, ï, ð: one of these begins every strong sequence
  return std::any_of(text.begin(), text.end(), [](char c) { return c == '\xC3'; }) &&
         (text.find("Ã") != std::string_view::npos || text.find("Â") != std::string_view::npos ||
          text.find("â") != std::string_view::npos || text.find("ï") != std::string_view::npos ||
          text.find("ð") != std::string_view::npos);
}

// One pass. Weak sequences are taken only where the text has strong ones, since "Ö”" is sound Swedish.
std::string undo_once(std::string_view text) {
  std::size_t strong = 0;
  for (const auto wanted : {Evidence::strong, Evidence::weak}) {
    if (wanted == Evidence::weak && strong < 2) break;
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
      if (static_cast<unsigned char>(text[at]) < 0x80) {
        out.push_back(text[at++]);
        continue;
      }
      const auto misread = misread_at(text.substr(at));
      if (misread && misread->evidence >= wanted) {
        strong += misread->evidence == Evidence::strong ? 1 : 0;
        out += misread->characters;
        at += misread->length;
      } else {
        const std::size_t length = text::decode_utf8(text.substr(at)).length;
        out.append(text, at, length);
        at += length;
      }
    }
    if (wanted == Evidence::weak || strong < 2) return out;
  }
  return std::string(text);
}

}  // namespace

std::string undo_mojibake(std::string_view text) {
  std::string current(text);
  for (int pass = 0; pass < kMostPasses && may_hold_mojibake(current); ++pass) {
    std::string next = undo_once(current);
    if (next == current) break;
    current = std::move(next);
  }
  return current;
}

Outcome MojibakeRule::apply(WorkingDocument& document) {
  if (!may_hold_mojibake(document.text)) return untouched();
  std::string repaired = undo_mojibake(document.text);
  if (repaired == document.text) return untouched();
  document.text = std::move(repaired);
  return changed();
}

RuleKind mojibake_kind() {
  return {.name = "mojibake",
          .summary = "UTF-8 that was read as Windows-1252 or Latin-1, up to three times over, is put right",
          .source = "",
          .unit = Rule::Unit::documents_changed,
          .parameters = {},
          .make = [](const Settings&) { return std::make_unique<MojibakeRule>(); }};
}

}  // namespace gpt::clean
