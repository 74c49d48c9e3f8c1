#include "apps/gpt-dedup/rewrite/rewrite_options.hpp"

#include "libcommon/cli/errors.hpp"

namespace gpt::dedup {

std::vector<std::string> RewriteOptions::side_outputs() const {
  if (decontaminate && decontaminate->matches) return {*decontaminate->matches};
  return {};
}

RewriteFlags::RewriteFlags(CLI::App& app) : decontaminate_(app), paragraphs_(app), substrings_(app) {}

RewriteOptions RewriteFlags::resolved_or_throw() const {
  RewriteOptions options;
  options.decontaminate = decontaminate_.resolved_or_throw();
  options.paragraphs = paragraphs_.resolved_or_throw();
  options.substrings = substrings_.resolved_or_throw();
  if ((options.decontaminate ? 1 : 0) + (options.paragraphs ? 1 : 0) + (options.substrings ? 1 : 0) > 1)
    throw cli::UsageError(
        "--decontaminate, --unit and --substring-bytes change texts in turn: give one, and pipe its output "
        "into the "
        "next gpt-dedup --method none");
  return options;
}

}  // namespace gpt::dedup
