#pragma once

#include <optional>
#include <string>
#include <vector>

#include "apps/gpt-dedup/rewrite/decontaminate_options.hpp"
#include "apps/gpt-dedup/rewrite/substring_options.hpp"
#include "apps/gpt-dedup/rewrite/unit_options.hpp"

namespace gpt::dedup {

// What is taken out of the kept documents, in this order.
struct RewriteOptions {
  std::optional<DecontaminateOptions> decontaminate;
  std::optional<UnitOptions> units;
  std::optional<SubstringOptions> substrings;

  bool wanted() const { return decontaminate || units || substrings; }
  // Files it writes besides the documents.
  std::vector<std::string> side_outputs() const;
};

// The flags of it. Lives until the command line is parsed.
class RewriteFlags {
 public:
  explicit RewriteFlags(CLI::App& app);
  // After parsing. Throws cli::UsageError.
  RewriteOptions resolved_or_throw() const;

 private:
  DecontaminateFlags decontaminate_;
  UnitFlags units_;
  SubstringFlags substrings_;
};

}  // namespace gpt::dedup
