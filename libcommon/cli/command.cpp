#include "libcommon/cli/command.hpp"

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include <CLI/CLI.hpp>
#include <sched.h>

#include "libcommon/cli/errors.hpp"
#include "libcommon/cli/nearest_option.hpp"
#include "libcommon/cli/number_range.hpp"
#include "libcommon/cli/version.hpp"

namespace gpt::cli {
namespace {

constexpr std::string_view kCommonGroup = "Common options";

struct EnvironmentOption {
  const char* variable;
  std::vector<std::string> flags;  // all spellings of the option
};

const std::vector<EnvironmentOption>& environment_options() {
  static const std::vector<EnvironmentOption> options = {
      {"GPT_CONFIG", {"--config"}},       {"GPT_THREADS", {"--threads", "--workers"}},
      {"GPT_SEED", {"--seed"}},           {"GPT_REPORT", {"--report"}},
      {"GPT_LOG_LEVEL", {"--log-level"}}, {"GPT_PROGRESS", {"--progress"}},
      {"GPT_FORCE", {"--force"}},
  };
  return options;
}

std::string with_dashes(std::string name) {
  std::replace(name.begin(), name.end(), '_', '-');
  return name;
}

// "--vocab_size=5_000" → "--vocab-size=5_000"
std::string normalised_argument(const std::string& argument) {
  if (!argument.starts_with("--") || argument.size() == 2) return argument;
  const auto name_end = argument.find('=');
  if (name_end == std::string::npos) return with_dashes(argument);
  return with_dashes(argument.substr(0, name_end)) + argument.substr(name_end);
}

// TOML as CLI11 reads it, with `_` for `-` in keys as on the command line.
class UnderscoreToml : public CLI::ConfigTOML {
 public:
  std::vector<CLI::ConfigItem> from_config(std::istream& input) const override {
    auto entries = CLI::ConfigTOML::from_config(input);
    for (auto& entry : entries) entry.name = with_dashes(entry.name);
    return entries;
  }
};

bool names_flag(const std::string& argument, const std::string& flag) {
  return argument == flag || argument.starts_with(flag + "=");
}

bool is_given(const std::vector<std::string>& arguments, const std::vector<std::string>& flags) {
  const auto options_end = std::find(arguments.begin(), arguments.end(), "--");
  return std::any_of(arguments.begin(), options_end, [&](const std::string& argument) {
    return std::any_of(flags.begin(), flags.end(),
                       [&](const std::string& flag) { return names_flag(argument, flag); });
  });
}

std::vector<std::string> spellings(const CLI::Option& option) {
  std::vector<std::string> flags;
  for (const auto& name : option.get_lnames()) flags.push_back("--" + name);
  for (const auto& name : option.get_snames()) flags.push_back("-" + name);
  return flags;
}

// The option that a message of CLI11 is about: the one with the longest name that stands in it.
const CLI::Option* option_named_in(const std::string& message, const CLI::App& app) {
  const CLI::Option* named = nullptr;
  const auto consider = [&](const CLI::Option* option) {
    const std::string name = option->get_name();
    if (message.find(name) == std::string::npos) return;
    if (named == nullptr || name.size() > named->get_name().size()) named = option;
  };
  for (const CLI::Option* option : app.get_options()) consider(option);
  for (const CLI::App* subcommand : app.get_subcommands(nullptr)) {
    if (const CLI::Option* option = option_named_in(message, *subcommand)) consider(option);
  }
  return named;
}

std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const auto& name : option->get_lnames()) names.push_back("--" + name);
  }
  for (const CLI::App* subcommand : app.get_subcommands(nullptr)) {
    names.push_back(subcommand->get_name());
    if (!subcommand->parsed()) continue;
    const auto inner = option_names(*subcommand);
    names.insert(names.end(), inner.begin(), inner.end());
  }
  return names;
}

std::string unexpected_argument_message(const CLI::App& app) {
  const auto extras = app.remaining(true);
  const std::string typed =
      extras.empty() ? std::string() : extras.front().substr(0, extras.front().find('='));
  std::string message = (typed.starts_with("-") ? "unknown option '" : "unexpected argument '") + typed + "'";
  if (const auto nearest = nearest_option(typed, option_names(app)))
    message += "; did you mean '" + *nearest + "'?";
  return message;
}

// CLI11's words for a refused value, where they say less than they could.
std::string value_error_message(std::string message) {
  static constexpr std::string_view kUnread = "Could not convert: ";
  static constexpr std::string_view kNoUpperBound =
      " not in range 0.000000 to 1797693";  // the largest double
  if (message.starts_with(kUnread)) {
    const std::string rest = message.substr(kUnread.size());
    const auto equals = rest.find(" = ");
    if (equals != std::string::npos)
      return rest.substr(0, equals) + ": cannot read '" + rest.substr(equals + 3) + "'";
  }
  if (const auto range = message.find(kNoUpperBound); range != std::string::npos)
    return message.substr(0, range) + " is too small";
  return message;
}

std::string config_file_name(const CLI::App& app) {
  const CLI::Option* option = app.get_config_ptr();
  return option == nullptr || option->count() == 0 ? std::string() : option->results().back();
}

// CLI11 says "INI was not able to parse KEY" of a key that names no option.
std::string config_error_message(const CLI::App& app, const std::string& message) {
  static constexpr std::string_view kUnknownKey = "INI was not able to parse ";
  const std::string place = config_file_name(app) + ": ";
  if (!message.starts_with(kUnknownKey)) return place + message;
  const std::string key = message.substr(kUnknownKey.size());
  std::string text = place + "unknown key '" + key + "'";
  if (const auto nearest = nearest_option("--" + key, option_names(app)))
    text += "; did you mean '" + (nearest->starts_with("--") ? nearest->substr(2) : *nearest) + "'?";
  return text;
}

log::Level level_of_name(const std::string& name) {
  if (name == "error") return log::Level::error;
  if (name == "warning") return log::Level::warning;
  return name == "debug" ? log::Level::debug : log::Level::info;
}

log::ProgressMode progress_of_name(const std::string& name) {
  if (name == "off") return log::ProgressMode::off;
  return name == "on" ? log::ProgressMode::on : log::ProgressMode::automatic;
}

}  // namespace

int available_processors() {
  cpu_set_t mask;
  if (sched_getaffinity(0, sizeof mask, &mask) != 0) return 1;
  return std::max(1, CPU_COUNT(&mask));
}

Command::Command(std::string name, std::string summary, std::string examples)
    : name_(std::move(name)), app_(std::make_unique<CLI::App>(std::move(summary), name_)) {
  app_->footer("Examples:\n" + std::move(examples));
  app_->fallthrough();  // common options may follow a subcommand
  // of an option given twice the last counts, so that a script can append "$@" to its own choice
  app_->option_defaults()->take_last();
}

Command::~Command() = default;

// Called last, so that --help lists a tool's own options first.
void Command::add_common_options() {
  app_->set_help_flag("-h,--help", "Print this help and exit")->group(std::string(kCommonGroup));
  app_->set_version_flag("--version", version_text(name_), "Print version, commit and features and exit")
      ->group(std::string(kCommonGroup));
  app_->option_defaults()->group(std::string(kCommonGroup));
  app_->add_flag("-v,--verbose", verbose_, "Say more (as --log-level debug)")->configurable(false);
  app_->add_flag("-q,--quiet", quiet_,
                 "Say only warnings and errors (as --log-level warning --progress off)")
      ->configurable(false);  // a file says log-level and progress, which a flag can then override
  app_->add_option("--threads,--workers", common_.threads,
                   "Threads to use; default: the processors allowed to it")
      ->check(whole_number(1, 4096))
      ->type_name("N");
  app_->add_option("--seed", common_.seed, "Seed of all random choices")
      ->check(whole_number())
      ->capture_default_str()
      ->type_name("N");
  app_->add_option("--report", common_.report, "Write a JSON report of the run")->type_name("FILE");
  app_->add_option("--log-level", log_level_name_, "What is said on stderr")
      ->check(CLI::IsMember({"error", "warning", "info", "debug"}))
      ->capture_default_str();
  app_->add_option("--progress", progress_name_, "Progress on stderr")
      ->check(CLI::IsMember({"auto", "on", "off"}))
      ->capture_default_str();
  app_->add_flag("--force", common_.force, "Replace existing outputs");
  app_->set_config("--config", "", "Read options from a TOML file")->type_name("FILE");
  app_->config_formatter(std::make_shared<UnderscoreToml>());
  app_->allow_config_extras(CLI::config_extras_mode::error);
}

// CLI11 would let the file win over the environment; given as arguments in front, the variables win over the
// file, and stay out where the flag itself is there.
std::vector<std::string> Command::with_environment(std::vector<std::string> arguments) const {
  std::vector<std::string> front;
  for (const auto& option : environment_options()) {
    const char* value = std::getenv(option.variable);
    if (value == nullptr || *value == '\0') continue;
    if (is_given(arguments, option.flags)) continue;
    front.push_back(option.flags.front() + "=" + value);
  }
  front.insert(front.end(), std::make_move_iterator(arguments.begin()),
               std::make_move_iterator(arguments.end()));
  return front;
}

// " (from GPT_THREADS)" or " (from run.toml)" behind a message about a value that was not given as an
// argument.
std::string Command::origin_of_value(const std::string& message,
                                     const std::vector<std::string>& arguments) const {
  const CLI::Option* option = option_named_in(message, *app_);
  if (option == nullptr || is_given(arguments, spellings(*option))) return {};
  for (const auto& from_environment : environment_options()) {
    if (!is_given(from_environment.flags, spellings(*option))) continue;
    const char* value = std::getenv(from_environment.variable);
    if (value != nullptr && *value != '\0') return std::string(" (from ") + from_environment.variable + ")";
  }
  const std::string file = config_file_name(*app_);
  return file.empty() ? std::string() : " (from " + file + ")";
}

CommonOptions Command::parse(int argc, const char* const* argv) {
  add_common_options();
  std::vector<std::string> arguments;
  bool options_ended = false;
  for (int i = 1; i < argc; ++i) {
    options_ended = options_ended || std::string_view(argv[i]) == "--";
    arguments.push_back(options_ended ? argv[i] : normalised_argument(argv[i]));
  }
  auto reversed = with_environment(arguments);
  std::reverse(reversed.begin(), reversed.end());  // the order in which CLI11 takes a vector
  try {
    app_->parse(std::move(reversed));
  } catch (const CLI::CallForHelp&) {
    throw InformationRequested(app_->help());
  } catch (const CLI::CallForVersion&) {
    throw InformationRequested(version_text(name_));
  } catch (const CLI::ExtrasError&) {
    throw UsageError(unexpected_argument_message(*app_));
  } catch (const CLI::ConfigError& error) {
    throw UsageError(config_error_message(*app_, error.what()));
  } catch (const CLI::FileError& error) {
    throw UsageError(error.what() + origin_of_value("--config", arguments));
  } catch (const CLI::RequiredError& error) {
    // what is missing may be there with a mistake in its name
    throw UsageError(app_->remaining_size(true) > 0 ? unexpected_argument_message(*app_) : error.what());
  } catch (const CLI::ParseError& error) {
    throw UsageError(value_error_message(error.what()) + origin_of_value(error.what(), arguments));
  }
  if (common_.threads == 0) common_.threads = available_processors();
  common_.log_level = level_of_name(log_level_name_);
  common_.progress = progress_of_name(progress_name_);
  if (verbose_ > 0) common_.log_level = log::Level::debug;
  if (quiet_) {
    common_.log_level = std::min(common_.log_level, log::Level::warning);
    common_.progress = log::ProgressMode::off;
  }
  log::set_level(common_.log_level);
  return common_;
}

}  // namespace gpt::cli
