#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "apps/gpt-dedup/rewrite/text_units.hpp"

namespace CLI {
class App;
}

namespace gpt::dedup {

// Which lines, paragraphs or sentences are taken out where they come again.
struct UnitOptions {
  RepeatUnit unit = RepeatUnit::paragraphs;
  std::size_t span = 1;               // units in a row that come again together
  std::size_t least_characters = 20;  // of all of them; less may come as often as it likes
  std::uint32_t most_repeats = 1;     // places in which one stays
  std::string language = "en";        // whose rules find sentences
};

// The flags of it. Lives until the command line is parsed.
class UnitFlags {
 public:
  explicit UnitFlags(CLI::App& app);
  // After parsing: empty where whole documents are the unit. Throws cli::UsageError.
  std::optional<UnitOptions> resolved_or_throw() const;

 private:
  std::string unit_ = "document";
  std::optional<std::size_t> span_;
  std::optional<std::size_t> least_characters_;
  std::optional<std::uint32_t> most_repeats_;
  std::optional<std::string> language_;
};

}  // namespace gpt::dedup
