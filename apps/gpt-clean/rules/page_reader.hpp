#pragma once

#include <bitset>
#include <cstddef>
#include <optional>
#include <string>

#include "apps/gpt-clean/rules/code_pages.hpp"

namespace gpt::clean {

// One UTF-8 sequence as it was misread: count characters of the line, and what they meant.
struct MisreadSequence {
  std::size_t count = 0;
  std::u32string meant;
  bool is_whole = false;  // no byte of it was lost
};

// Reads a line as bytes of one page. The line must outlive it.
class PageReader {
 public:
  PageReader(const std::u32string& line, CodePage page);

  // The sequence that begins there, whole or with a byte that can be told.
  std::optional<MisreadSequence> sequence_at(std::size_t at) const;
  std::optional<MisreadSequence> whole_sequence_at(std::size_t at) const;

 private:
  unsigned byte_at(std::size_t at) const { return at < line_.size() ? high_byte(page_, line_[at]) : 0; }
  bool continues(std::size_t at) const { return (byte_at(at) & 0xC0u) == 0x80; }
  bool is_at(std::size_t at, char32_t point) const { return at < line_.size() && line_[at] == point; }
  bool is_single_capital_at(std::size_t at) const;

  std::optional<MisreadSequence> surrogate_pair_at(std::size_t at, char32_t high) const;
  std::optional<MisreadSequence> damaged_sequence_at(std::size_t at) const;
  std::optional<MisreadSequence> closing_quote_at(std::size_t at) const;
  std::optional<MisreadSequence> sequence_with_space_at(std::size_t at, unsigned lead,
                                                        std::size_t length) const;
  MisreadSequence a_grave_at(std::size_t at) const;
  std::optional<MisreadSequence> sequence_with_loss_at(std::size_t at, std::size_t length) const;

  const std::u32string& line_;
  CodePage page_;
  std::bitset<256> leads_;  // of whole sequences
};

}  // namespace gpt::clean
