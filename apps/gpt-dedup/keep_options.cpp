#include "apps/gpt-dedup/keep_options.hpp"

#include <algorithm>

#include <CLI/CLI.hpp>

#include "libcommon/cli/errors.hpp"

namespace gpt::dedup {

const char* name_of(Keep keep) {
  if (keep == Keep::first) return "first";
  return keep == Keep::longest ? "longest" : "best";
}

ScoreFlags::ScoreFlags(CLI::App& app, KeepOptions& options) : options_(options) {
  app.add_option("--keep", keep_, "Which document of a group stays: first, longest, or best by --keep-field")
      ->check(CLI::IsMember({"first", "longest", "best"}))
      ->capture_default_str();
  app.add_option("--keep-field", options.field, "Field whose number is highest in the best document")
      ->type_name("NAME");
}

void ScoreFlags::resolve_or_throw() {
  if (keep_ == "first" && !options_.field.empty()) keep_ = "best";
  options_.keep = keep_ == "longest" ? Keep::longest : keep_ == "best" ? Keep::best : Keep::first;
  if (options_.keep == Keep::best && options_.field.empty())
    throw cli::UsageError("--keep best needs --keep-field, the field that holds a number");
  if (options_.keep == Keep::longest && !options_.field.empty())
    throw cli::UsageError("--keep-field says what is best: it does not go with --keep longest");
}

void add_dataset_flags(CLI::App& app, KeepOptions& options) {
  app.add_option("--priority", options.priority,
                 "Inputs, by commas, that keep their documents rather than the others; the first named most")
      ->allow_extra_args(false)
      ->take_all()
      ->delimiter(',')
      ->type_name("FILE[,FILE...]");
  app.add_flag("--across-only", options.across_only, "Remove only what another input has too");
}

void check_priority_or_throw(const KeepOptions& options, const std::vector<std::string>& inputs) {
  for (const std::string& name : options.priority) {
    if (std::find(inputs.begin(), inputs.end(), name) == inputs.end())
      throw cli::UsageError("--priority names '" + name + "', which is none of the inputs");
  }
}

}  // namespace gpt::dedup
