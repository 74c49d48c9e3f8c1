#include <algorithm>

#include <CLI/CLI.hpp>

#include "apps/gpt-clean/input_flags.hpp"
#include "apps/gpt-clean/options.hpp"
#include "apps/gpt-clean/rule_flags.hpp"

namespace gpt::clean {

RulesOptions parse_rules_options(int argc, const char* const* argv) {
  RulesOptions options;
  cli::Command command("gpt-clean rules", "Lists the rules with their parameters, or the rules of a recipe.",
                       "  gpt-clean rules\n"
                       "  gpt-clean rules min-chars language\n"
                       "  gpt-clean rules --preset nordic --without language > mine.rules\n"
                       "  gpt-clean rules --language sv --language-unit line --min-chars 200");
  CLI::App& app = command.app();
  add_rule_flags(app, options);
  const std::vector<CLI::Option*> of_recipes = app.get_options();
  app.add_option("names", options.names, "Rules to describe; default: all")->type_name("NAME");
  const auto arguments = without_word(argc, argv);
  options.common = command.parse(static_cast<int>(arguments.size()), arguments.data());
  options.asks_for_recipe = std::any_of(of_recipes.begin(), of_recipes.end(), [](const CLI::Option* option) {
    return option->count() > 0 && option->get_name() != "--help";
  });
  check_rule_flags_or_throw(options);
  return options;
}

}  // namespace gpt::clean
