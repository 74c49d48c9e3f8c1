#include "apps/gpt-dedup/rewrite/decontaminate_options.hpp"

#include <CLI/CLI.hpp>

#include "libcommon/cli/errors.hpp"

namespace gpt::dedup {
namespace {

constexpr const char* kGroup = "Decontamination";

// "a,b" → a, b
std::vector<std::string> fields_or_throw(const std::string& list) {
  std::vector<std::string> fields;
  for (std::size_t begin = 0; begin <= list.size();) {
    const std::size_t end = std::min(list.find(',', begin), list.size());
    if (end == begin) throw cli::UsageError("--key '" + list + "' names an empty field");
    fields.push_back(list.substr(begin, end - begin));
    begin = end + 1;
  }
  return fields;
}

}  // namespace

DecontaminateFlags::DecontaminateFlags(CLI::App& app) {
  const auto count = [&](const char* name, auto& value, const char* help) {
    app.add_option(name, value, help)
        ->check(CLI::Range(1, 1'000'000))
        ->capture_default_str()
        ->type_name("N")
        ->group(kGroup);
  };
  app.add_option("--decontaminate", options_.tasks,
                 "Evaluation tasks (jsonl or txt) to cut out of the kept documents")
      ->type_name("FILE...")
      ->group(kGroup);
  app.add_option("--key", keys_,
                 "Fields of the tasks that hold their text, as question or question,passage: once for all "
                 "tasks, or one for each (text)")
      ->type_name("KEYS")
      ->group(kGroup);
  app.add_option("--matches", options_.matches, "Write each n-gram found: task, n-gram, document")
      ->type_name("FILE")
      ->group(kGroup);
  count("--max-ngram-size", options_.sizes.most, "Words of an n-gram");
  count("--min-ngram-size", options_.sizes.least, "Words that a shorter task has at least, to be looked for");
  count("--remove-char-each-side", options_.limits.each_side, "Characters removed on each side of a match");
  count("--filter-text-char-len", options_.limits.longest_dropped,
        "A piece of this many characters or fewer goes");
  count("--splits-count", options_.limits.most_pieces, "A document left in more pieces goes");
  count("--key-threshold", options_.limits.frequent, "An n-gram in this many documents is left alone");
}

std::optional<DecontaminateOptions> DecontaminateFlags::resolved_or_throw() const {
  if (options_.tasks.empty()) {
    if (options_.matches || !keys_.empty())
      throw cli::UsageError("--matches and --key are about tasks: name them by --decontaminate");
    return std::nullopt;
  }
  if (options_.sizes.least > options_.sizes.most)
    throw cli::UsageError("--min-ngram-size " + std::to_string(options_.sizes.least) +
                          " is above --max-ngram-size " + std::to_string(options_.sizes.most));
  if (keys_.size() > 1 && keys_.size() != options_.tasks.size())
    throw cli::UsageError(std::to_string(keys_.size()) + " of --key for " +
                          std::to_string(options_.tasks.size()) +
                          " tasks: give one for all, or one for each in their order");
  DecontaminateOptions options = options_;
  for (const std::string& list : keys_) options.keys.push_back(fields_or_throw(list));
  if (options.keys.empty()) options.keys.push_back({"text"});
  return options;
}

}  // namespace gpt::dedup
