#include "apps/gpt-clean/recipe.hpp"

#include <algorithm>
#include <set>

#include "apps/gpt-clean/rules/catalogue.hpp"
#include "libcommon/cli/errors.hpp"
#include "libcommon/io/byte_source.hpp"
#include "libcommon/io/share_folder.hpp"
#include "libcommon/text/language.hpp"

namespace gpt::clean {
namespace {

// The preset that needs no file.
constexpr std::string_view kRepair =
    "html-entities\n"
    "mojibake\n"
    "terminal-escapes\n"
    "invisible-characters\n"
    "normalization\n"
    "whitespace\n"
    "empty\n";

constexpr int kMostNesting = 8;  // of presets within presets

bool parts_words(char c) { return c == ' ' || c == '\t' || c == '\r'; }

// The words of a line up to a comment. A value may stand in double quotes, which go: drop="a b"; a quote or
// backslash that is meant has a backslash before it.
std::vector<std::string> words_or_throw(std::string_view line) {
  std::vector<std::string> words;
  bool in_word = false;
  bool in_quotes = false;
  bool is_escaped = false;
  for (const char c : line) {
    if (!in_quotes && !in_word && c == '#') break;
    if (!in_quotes && parts_words(c)) {
      in_word = false;
      continue;
    }
    if (!in_word) words.emplace_back();
    in_word = true;
    if (is_escaped || (c != '"' && c != '\\')) {
      words.back().push_back(c);
      is_escaped = false;
    } else if (c == '"') {
      in_quotes = !in_quotes;
    } else {
      is_escaped = true;
    }
  }
  if (in_quotes) throw cli::UsageError("a quotation mark is not closed");
  return words;
}

std::string with_dashes(std::string name) {
  std::replace(name.begin(), name.end(), '_', '-');
  return name;
}

// words: the name of a rule (already looked up), then its settings.
void set_all_or_throw(Settings& settings, const std::vector<std::string>& words) {
  std::set<std::string> seen;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const auto equals = words[i].find('=');
    if (equals == std::string::npos) {
      throw cli::UsageError("rule " + settings.kind().name + ": '" + words[i] +
                            "' is no setting; settings are written key=value");
    }
    const std::string name = with_dashes(words[i].substr(0, equals));
    if (!seen.insert(name).second)
      throw cli::UsageError("rule " + settings.kind().name + ": " + name + " is given twice");
    settings.set_or_throw(name, words[i].substr(equals + 1));
  }
}

// Calls the body, and puts where the words came from before what it has to say of them.
template <class Body>
void naming_origin(const std::string& origin, Body body) {
  try {
    body();
  } catch (const cli::UsageError& error) {
    throw cli::UsageError(origin + ": " + error.what());
  }
}

std::string quoted_where_needed(const std::string& value) {
  const bool is_plain = !value.empty() && value.find_first_of(" \t\r\"\\") == std::string::npos;
  return is_plain ? value : quoted(value);
}

std::string preset_path(const std::string& name) { return "presets/" + name + ".rules"; }

std::string preset_file_or_throw(const std::string& name) {
  if (name.find('/') == std::string::npos) {
    if (const auto path = io::find_shared_file(preset_path(name))) return *path;
  }
  std::string message = "there is no preset '" + name + "'; there are";
  for (const auto& known : installed_presets()) message += " " + known;
  throw cli::UsageError(message + " (a recipe of your own: --recipe FILE)");
}

}  // namespace

std::string quoted(const std::string& value) {
  std::string text = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\') text.push_back('\\');
    text.push_back(c);
  }
  return text + "\"";
}

void Recipe::append_or_throw(std::string_view text, const std::string& origin) {
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    naming_origin(origin + ":" + std::to_string(number), [&] {
      const auto words = words_or_throw(line);
      if (words.empty()) return;
      if (words.size() == 2 && words.front() == "preset") return append_preset_or_throw(words[1]);
      Settings settings(kind_or_throw(words.front()));
      set_all_or_throw(settings, words);
      settings.kind().make(settings);  // so that a wrong value is told with its line
      rules_.push_back(std::move(settings));
    });
  }
}

void Recipe::append_preset_or_throw(const std::string& name) {
  if (name == "repair") return append_or_throw(kRepair, name);
  const std::string path = preset_file_or_throw(name);
  if (++nesting_ > kMostNesting) throw cli::UsageError("preset " + name + " holds itself");
  append_or_throw(io::read_file_or_throw(path), path);
  --nesting_;
}

void Recipe::change_or_throw(const std::string& line, const std::string& origin, Place place) {
  naming_origin(origin, [&] {
    const auto words = words_or_throw(line);
    if (words.empty()) throw cli::UsageError("names no rule");
    const RuleKind& kind = kind_or_throw(words.front());
    if (!has(kind.name)) rules_.emplace(rules_.begin() + static_cast<std::ptrdiff_t>(place_of(place)), kind);
    for (Settings& settings : rules_) {
      if (&settings.kind() == &kind) set_all_or_throw(settings, words);
    }
  });
}

void Recipe::replace_or_throw(std::string_view name, const std::string& line, const std::string& origin) {
  const RuleKind& old_kind = kind_or_throw(name);
  const auto is_old = [&](const Settings& settings) { return &settings.kind() == &old_kind; };
  naming_origin(origin, [&] {
    const auto words = words_or_throw(line);
    Settings settings(kind_or_throw(words.front()));
    set_all_or_throw(settings, words);
    const auto first = std::find_if(rules_.begin(), rules_.end(), is_old);
    if (first != rules_.end()) *first = std::move(settings);
    std::erase_if(rules_, is_old);
  });
}

void Recipe::leave_out_or_throw(std::string_view name) {
  const RuleKind& kind = kind_or_throw(name);
  if (!has(kind.name)) throw cli::UsageError("--without " + kind.name + ": the recipe has no such rule");
  std::erase_if(rules_, [&](const Settings& settings) { return &settings.kind() == &kind; });
}

// Repairs, and the look for documents without text that ends them.
std::size_t Recipe::end_of_repairs() const {
  const auto end = std::find_if(rules_.begin(), rules_.end(), [](const Settings& settings) {
    return settings.kind().unit != Rule::Unit::documents_changed && settings.kind().name != "empty";
  });
  return static_cast<std::size_t>(end - rules_.begin());
}

std::size_t Recipe::end_of_opening() const {
  const auto end = std::find_if(rules_.begin(), rules_.end(), [](const Settings& settings) {
    const RuleKind& kind = settings.kind();
    return kind.unit == Rule::Unit::documents_dropped && kind.name != "empty" && !kind.names_language;
  });
  return static_cast<std::size_t>(end - rules_.begin());
}

std::size_t Recipe::place_of(Place place) const {
  if (place == Place::at_end) return rules_.size();
  return place == Place::behind_repairs ? end_of_repairs() : end_of_opening();
}

void Recipe::look_for_empty() {
  look_for_empty(end_of_opening());
  look_for_empty(rules_.size());
}

// Of the rules before `end`.
void Recipe::look_for_empty(std::size_t end) {
  const RuleKind& empty = kind_or_throw("empty");
  for (std::size_t i = end; i > 0; --i) {
    const RuleKind& kind = rules_[i - 1].kind();
    if (&kind == &empty) return;
    if (kind.unit != Rule::Unit::sentences_dropped && kind.unit != Rule::Unit::lines_dropped) continue;
    rules_.emplace(rules_.begin() + static_cast<std::ptrdiff_t>(i), empty);
    return;
  }
}

void Recipe::identify_language(Besides besides) {
  const auto names = [](const Settings& settings) { return settings.kind().names_language; };
  const auto uses = [](const Settings& settings) {
    return settings.kind().uses_language && !settings.given().contains("language");
  };
  const auto first_name = std::find_if(rules_.begin(), rules_.end(), names);
  const bool is_used_before = std::any_of(rules_.begin(), first_name, uses);
  const bool is_written = besides == Besides::language_is_written && first_name == rules_.end();
  if (!(is_used_before || is_written) || !text::LanguageIdentifier::available()) return;
  const auto first_use = std::find_if(rules_.begin(), rules_.end(), uses);
  const auto place = std::min(rules_.begin() + static_cast<std::ptrdiff_t>(end_of_repairs()), first_use);
  rules_.emplace(place, kind_or_throw("identify-language"));
}

bool Recipe::has(std::string_view name) const {
  return std::any_of(rules_.begin(), rules_.end(),
                     [&](const Settings& settings) { return settings.kind().name == name; });
}

std::string Recipe::text() const {
  std::string text;
  for (const Settings& settings : rules_) {
    text += settings.kind().name;
    for (const auto& [name, value] : settings.given()) text += " " + name + "=" + quoted_where_needed(value);
    text += "\n";
  }
  return text;
}

Recipe begin_recipe_or_throw(const RecipeOptions& options) {
  Recipe recipe;
  if (options.file) {
    recipe.append_or_throw(io::read_file_or_throw(*options.file), *options.file);
  } else if (options.only) {
    recipe.append_or_throw(*options.only, "recipe");
  } else {
    recipe.append_preset_or_throw(options.preset.value_or("repair"));
  }
  return recipe;
}

void complete_recipe_or_throw(Recipe& recipe, const RecipeOptions& options, Recipe::Besides besides) {
  for (const std::string& change : options.changes) recipe.change_or_throw(change, "--rule '" + change + "'");
  recipe.look_for_empty();
  for (const std::string& name : options.without) recipe.leave_out_or_throw(name);
  recipe.identify_language(besides);
  make_rules_or_throw(recipe);
}

std::vector<std::string> installed_presets() {
  std::vector<std::string> names = {"repair", "megatron", "gopher", "c4", "fineweb", "nordic"};
  std::erase_if(names, [](const std::string& name) {
    return name != "repair" && !io::find_shared_file(preset_path(name));
  });
  return names;
}

Rules make_rules_or_throw(const Recipe& recipe) {
  Rules rules;
  for (const Settings& settings : recipe.rules()) rules.push_back(settings.kind().make(settings));
  return rules;
}

}  // namespace gpt::clean
