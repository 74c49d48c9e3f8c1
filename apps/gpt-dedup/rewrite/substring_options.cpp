#include "apps/gpt-dedup/rewrite/substring_options.hpp"

#include <CLI/CLI.hpp>

#include "apps/gpt-dedup/rewrite/suffix_array.hpp"
#include "libcommon/cli/errors.hpp"

namespace gpt::dedup {

SubstringFlags::SubstringFlags(CLI::App& app) {
  constexpr const char* kGroup = "Exact substrings";
  app.add_option(
         "--substring-bytes", length_,
         "Take out of the kept documents every run of at least N bytes that stood earlier in its shard")
      ->check(CLI::Range(16, 1'000'000))
      ->type_name("N")
      ->group(kGroup);
  app.add_option("--shard-mebibytes", shard_mebibytes_,
                 "Text that is searched together, in MiB (128); memory is twelve times that")
      ->check(CLI::Range(1, 2000))
      ->type_name("N")
      ->group(kGroup);
}

std::optional<SubstringOptions> SubstringFlags::resolved_or_throw() const {
  if (!length_) {
    if (shard_mebibytes_)
      throw cli::UsageError("--shard-mebibytes is about --substring-bytes: give that too");
    return std::nullopt;
  }
  if (!suffix_arrays_available())
    throw cli::UsageError(
        "--substring-bytes needs libdivsufsort, and this gpt-dedup was built without it: install "
        "libdivsufsort-dev and build again");
  SubstringOptions options;
  options.length = *length_;
  if (shard_mebibytes_) options.shard_bytes = *shard_mebibytes_ << 20U;
  return options;
}

}  // namespace gpt::dedup
