#include "apps/gpt-dedup/rewrite/rewrite_options.hpp"

namespace gpt::dedup {

std::vector<std::string> RewriteOptions::side_outputs() const {
  if (decontaminate && decontaminate->matches) return {*decontaminate->matches};
  return {};
}

RewriteFlags::RewriteFlags(CLI::App& app) : decontaminate_(app), units_(app), substrings_(app) {}

RewriteOptions RewriteFlags::resolved_or_throw() const {
  RewriteOptions options;
  options.decontaminate = decontaminate_.resolved_or_throw();
  options.units = units_.resolved_or_throw();
  options.substrings = substrings_.resolved_or_throw();
  return options;
}

}  // namespace gpt::dedup
