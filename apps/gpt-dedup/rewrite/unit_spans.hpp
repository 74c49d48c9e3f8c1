#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "apps/gpt-dedup/exact.hpp"
#include "apps/gpt-dedup/rewrite/unit_options.hpp"

namespace gpt::dedup {

// Some units in a row: those at [first, end) of a text's units, and of units that say nothing those between
// them.
struct UnitSpan {
  std::size_t first = 0;
  std::size_t end = 0;
  std::uint64_t hash = 0;  // of what they say; case and white space do not count
};

struct UnitSpans {
  std::vector<TextUnit> units;  // of the text, all of them
  std::vector<UnitSpan> spans;  // those that are counted as repeats, ascending; they overlap
};

// Finds the runs of UnitOptions::span units that have the least characters. One a thread.
class SpanHasher {
 public:
  explicit SpanHasher(const UnitOptions& options);
  UnitSpans spans(std::string_view text);

 private:
  // A unit that says something.
  struct Said {
    std::size_t unit = 0;
    std::size_t characters = 0;
    std::uint64_t hash = 0;  // 0 where it is not needed
  };
  void listen(std::string_view text, const std::vector<TextUnit>& units);

  std::size_t span_;
  std::size_t least_characters_;
  UnitSplitter splitter_;
  TextDigester digester_;
  std::vector<Said> said_;
};

}  // namespace gpt::dedup
