#include "apps/gpt-clean/list_rules.hpp"

#include <string>

#include "apps/gpt-clean/flag_rules.hpp"
#include "apps/gpt-clean/rules/catalogue.hpp"
#include "libcommon/cli/errors.hpp"
#include "libcommon/io/output_file.hpp"

namespace gpt::clean {
namespace {

std::string_view what_it_does(Rule::Unit unit) {
  switch (unit) {
    case Rule::Unit::documents_changed:
      return "changes documents";
    case Rule::Unit::documents_dropped:
      return "drops documents";
    case Rule::Unit::sentences_dropped:
      return "drops sentences";
    case Rule::Unit::lines_dropped:
      return "drops lines";
    case Rule::Unit::spans_masked:
      return "masks spans";
    case Rule::Unit::nothing:
      return "notes something";
  }
  return "";
}

std::string description(const RuleKind& kind) {
  std::string text =
      kind.name + " (" + std::string(what_it_does(kind.unit)) + ")\n    " + kind.summary + ".\n";
  if (!kind.source.empty()) text += "    Follows " + kind.source + ".\n";
  for (const Parameter& parameter : kind.parameters) {
    std::string setting = parameter.name + "=" + parameter.standard;
    if (setting.size() < 20) setting.resize(20, ' ');
    text += "      " + setting + "  " + parameter.help + "\n";
  }
  return text;
}

std::string all_descriptions() {
  std::string text;
  for (const RuleKind& kind : catalogue()) text += description(kind) + "\n";
  text += "presets:";
  for (const std::string& name : installed_presets()) text += " " + name;
  return text + " (gpt-clean rules --preset NAME shows the rules of one)\n";
}

std::string answer(const RulesOptions& options) {
  if (options.asks_for_recipe) {
    if (!options.names.empty())
      throw cli::UsageError("give names of rules, or what makes a recipe, not both");
    return recipe_or_throw(options).text();
  }
  if (options.names.empty()) return all_descriptions();
  std::string text;
  for (const std::string& name : options.names) text += description(kind_or_throw(name));
  return text;
}

}  // namespace

cli::ExitCode list_rules_or_throw(const RulesOptions& options) {
  const std::string text = answer(options);
  io::OutputFile output("-", io::Existing::refuse);
  output.write_or_throw(text);
  output.commit_or_throw();
  return cli::ExitCode::done;
}

}  // namespace gpt::clean
