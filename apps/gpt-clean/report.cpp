#include "apps/gpt-clean/report.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "apps/gpt-clean/aligned.hpp"
#include "apps/gpt-clean/flag_rules.hpp"
#include "apps/gpt-clean/statistics_json.hpp"
#include "apps/gpt-clean/statistics_table.hpp"
#include "libcommon/io/json_text.hpp"
#include "libcommon/log/logger.hpp"

namespace gpt::clean {
namespace {

std::string_view verb(Rule::Unit unit, const Options& options) {
  switch (unit) {
    case Rule::Unit::documents_changed:
      return "documents changed";
    case Rule::Unit::documents_dropped:
      return options.annotate ? "documents would be dropped" : "documents dropped";
    case Rule::Unit::sentences_dropped:
      return "sentences dropped";
    case Rule::Unit::lines_dropped:
      return "lines dropped";
    case Rule::Unit::spans_masked:
      return "spans masked";
    case Rule::Unit::nothing:
      return "";
  }
  return "";
}

std::string line_of(const ReasonCount& reason, const Options& options, std::size_t name_width) {
  std::string line = right_aligned(std::to_string(reason.count), 12) + " " +
                     std::string(verb(reason.unit, options)) + "  " + left_aligned(reason.name, name_width);
  if (!reason.example) return line;
  line += "  " + reason.example->file + ":" + std::to_string(reason.example->line);
  if (!reason.example->detail.empty()) line += " (" + reason.example->detail + ")";
  return line;
}

// An example without its closing brace.
std::string opened_json_of(const Example& example) {
  return "{\"file\":" + io::json_string(example.file) + ",\"line\":" + std::to_string(example.line) +
         ",\"detail\":" + io::json_string(example.detail) + ",\"text\":" + io::json_string(example.text);
}

// The first example, with the others within.
std::string examples_json_of(const ReasonCount& reason) {
  std::string json = opened_json_of(*reason.example);
  std::string separator = ",\"further\":[";
  for (const Example& example : reason.further_examples) {
    json += separator + opened_json_of(example) + "}";
    separator = ",";
  }
  return json + (reason.further_examples.empty() ? "}" : "]}");
}

std::map<std::string, std::uint64_t> counts_of(const Tally& total, Rule::Unit unit) {
  std::map<std::string, std::uint64_t> counts;
  for (const auto& reason : total.reasons) {
    if (reason.unit == unit) counts[reason.name] += reason.count;
  }
  return counts;
}

std::string examples_json(const Tally& total) {
  std::map<std::string, std::string> examples;  // a rule that stands twice shows its first
  for (const auto& reason : total.reasons) {
    if (reason.example) examples.emplace(reason.name, examples_json_of(reason));
  }
  std::string json = "{";
  for (const auto& [name, example] : examples) {
    if (json.size() > 1) json += ",";
    json += io::json_string(name) + ":" + example;
  }
  return json + "}";
}

void tell_statistics(const std::string& title, const Statistics& statistics) {
  std::string prefix = title;
  for (const std::string& line : table_of(statistics)) log::info(std::exchange(prefix, "") + line);
}

}  // namespace

void tell(const Options& options, const Tally& total) {
  if (total.errors.count() > 0) log::warning(total.errors.summary());
  if (!log::enabled(log::Level::info)) return;
  log::info("documents " + std::to_string(total.documents_in) + " in, " +
            std::to_string(total.documents_out) + " out; characters " + std::to_string(total.characters_in) +
            " in, " + std::to_string(total.characters_out) + " out");
  std::size_t name_width = 0;
  for (const auto& reason : total.reasons) {
    if (reason.count > 0) name_width = std::max(name_width, reason.name.size());
  }
  for (const auto& reason : total.reasons) {
    if (reason.count > 0) log::info(line_of(reason, options, name_width));
  }
  if (!options.statistics) return;
  tell_statistics("as read: ", total.before);
  tell_statistics("as written: ", total.after);
}

void fill(log::RunReport& report, const Options& options, const Recipe& recipe, const Tally& total) {
  report.set("inputs", options.inputs);
  report.set("output", options.output);
  report.set("recipe_begins_with", beginning_of_recipe(options));
  report.set("recipe", recipe.text());
  if (options.parts > 1) report.set("parts", static_cast<std::uint64_t>(options.parts));
  report.set("documents_in", total.documents_in);
  report.set("documents_out", total.documents_out);
  if (options.sample < 1.0) report.set("documents_unsampled", total.documents_unsampled);
  report.set("characters_in", total.characters_in);
  report.set("characters_out", total.characters_out);
  report.set("repairs", counts_of(total, Rule::Unit::documents_changed));
  report.set(options.annotate ? "fails" : "reasons", counts_of(total, Rule::Unit::documents_dropped));
  report.set("sentences_dropped", counts_of(total, Rule::Unit::sentences_dropped));
  report.set("lines_dropped", counts_of(total, Rule::Unit::lines_dropped));
  report.set("spans_masked", counts_of(total, Rule::Unit::spans_masked));
  report.set_json("examples", examples_json(total));
  if (options.statistics) {
    report.set_json("statistics_before", json_of(total.before));
    report.set_json("statistics_after", json_of(total.after));
  }
  report.set("bad_records", total.errors.count());
  report.set("first_errors", total.errors.first_messages());
}

}  // namespace gpt::clean
