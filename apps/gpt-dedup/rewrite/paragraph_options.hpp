#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "apps/gpt-dedup/rewrite/paragraphs.hpp"

namespace CLI {
class App;
}

namespace gpt::dedup {

// Which lines or paragraphs are taken out where they come again.
struct ParagraphOptions {
  RepeatUnit unit = RepeatUnit::paragraphs;
  std::size_t least_characters = 20;  // shorter ones may come as often as they like
  std::uint32_t most_repeats = 1;     // places in which one stays
};

// The flags of it. Lives until the command line is parsed.
class ParagraphFlags {
 public:
  explicit ParagraphFlags(CLI::App& app);
  // After parsing: empty where whole documents are the unit. Throws cli::UsageError.
  std::optional<ParagraphOptions> resolved_or_throw() const;

 private:
  std::string unit_ = "document";
  std::optional<std::size_t> least_characters_;
  std::optional<std::uint32_t> most_repeats_;
};

}  // namespace gpt::dedup
