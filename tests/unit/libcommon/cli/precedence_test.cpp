// flag > environment > file > default, for every pair of places an option can come from.
#include <doctest/doctest.h>

#include "parsed_command.hpp"
#include "tests/support/scratch_folder.hpp"

namespace {

using gpt::cli::CommonOptions;
using gpt::test::Environment;
using gpt::test::SampleTool;
using gpt::test::ScratchFolder;

// A common option with a value for each place, in the order of precedence, and how to read it back.
struct Case {
  std::string flag;
  std::string variable;
  std::string from_flag, from_environment, from_file, by_default;
  std::string (*read)(const CommonOptions&);
};

std::string level_name(const CommonOptions& options) {
  static const char* kNames[] = {"error", "warning", "info", "debug"};
  return kNames[static_cast<int>(options.log_level)];
}
std::string progress_name(const CommonOptions& options) {
  static const char* kNames[] = {"auto", "on", "off"};
  return kNames[static_cast<int>(options.progress)];
}

const std::vector<Case> kCases = {
    {"threads", "GPT_THREADS", "3", "5", "7", std::to_string(gpt::cli::available_processors()),
     [](const CommonOptions& o) { return std::to_string(o.threads); }},
    {"seed", "GPT_SEED", "3", "5", "7", "1234",
     [](const CommonOptions& o) { return std::to_string(o.seed); }},
    {"report", "GPT_REPORT", "flag.json", "environment.json", "file.json", "none",
     [](const CommonOptions& o) { return o.report.value_or("none"); }},
    {"log-level", "GPT_LOG_LEVEL", "debug", "error", "warning", "info", level_name},
    {"progress", "GPT_PROGRESS", "on", "off", "on", "auto", progress_name},
    {"force", "GPT_FORCE", "true", "false", "true", "false",
     [](const CommonOptions& o) { return std::string(o.force ? "true" : "false"); }},
};

}  // namespace

TEST_CASE("common options: every set of places, the highest wins") {
  const ScratchFolder folder;
  for (const auto& option : kCases) {
    CAPTURE(option.flag);
    const bool is_flag = option.flag == "force";
    const std::string in_file =
        option.flag + " = " + (is_flag ? option.from_file : "\"" + option.from_file + "\"") + "\n";
    const std::string file = folder.with("run.toml", in_file);
    for (int places = 0; places < 8; ++places) {
      CAPTURE(places);
      const bool flag = (places & 1) != 0;
      const bool environment = (places & 2) != 0;
      const bool in_config = (places & 4) != 0;
      std::vector<std::string> arguments;
      if (flag) arguments.push_back("--" + option.flag + "=" + option.from_flag);
      if (in_config) arguments.push_back("--config=" + file);
      std::optional<Environment> variables;
      if (environment) variables.emplace(Environment::Variables{{option.variable, option.from_environment}});
      const std::string wanted = flag          ? option.from_flag
                                 : environment ? option.from_environment
                                 : in_config   ? option.from_file
                                               : option.by_default;
      SampleTool tool;
      CHECK(option.read(tool.parse(arguments)) == wanted);
    }
  }
}

TEST_CASE("a tool's own options: flag over file over default") {
  const ScratchFolder folder;
  const std::string file = folder.with(
      "run.toml", "vocab-size = 500\nthreshold = 0.5\nlower-case = true\nspecial-tokens = [\"a\", \"b\"]\n");
  {
    SampleTool tool;
    tool.parse({});
    CHECK(tool.vocab_size == 100);
    CHECK(tool.threshold == 0.8);
    CHECK_FALSE(tool.lower_case);
  }
  {
    SampleTool tool;
    tool.parse({"--config", file});
    CHECK(tool.vocab_size == 500);
    CHECK(tool.threshold == 0.5);
    CHECK(tool.lower_case);
    CHECK(tool.tokens == std::vector<std::string>{"a", "b"});
  }
  {
    SampleTool tool;
    tool.parse({"--vocab-size", "900", "--no-lower-case", "--special-tokens", "c", "--config", file});
    CHECK(tool.vocab_size == 900);
    CHECK(tool.threshold == 0.5);
    CHECK_FALSE(tool.lower_case);
    CHECK(tool.tokens == std::vector<std::string>{"c"});
  }
}

TEST_CASE("the environment speaks for common options only") {
  const Environment variables{{"GPT_VOCAB_SIZE", "7"}, {"GPT_OUTPUT", "x"}};
  SampleTool tool;
  tool.parse({});
  CHECK(tool.vocab_size == 100);
  CHECK(tool.output == "-");
}

TEST_CASE("an empty variable is none") {
  const Environment variables{{"GPT_SEED", ""}, {"GPT_CONFIG", ""}};
  SampleTool tool;
  CHECK(tool.parse({}).seed == 1234);
}

TEST_CASE("GPT_CONFIG names the file, --config overrides it") {
  const ScratchFolder folder;
  const Environment variables{{"GPT_CONFIG", folder.with("a.toml", "seed = 5\n")}};
  const std::string other = folder.with("b.toml", "seed = 6\n");
  SampleTool by_environment;
  CHECK(by_environment.parse({}).seed == 5);
  SampleTool by_flag;
  CHECK(by_flag.parse({"--config", other}).seed == 6);
}

TEST_CASE("every spelling of a flag keeps the variable out") {
  const Environment variables{{"GPT_THREADS", "5"}};
  for (const char* spelling : {"--threads=2", "--workers=2"}) {
    SampleTool tool;
    CHECK(tool.parse({spelling}).threads == 2);
  }
  SampleTool tool;  // what follows `--` is no flag
  CHECK(tool.parse({"--", "--threads=2"}).threads == 5);
  CHECK(tool.inputs == std::vector<std::string>{"--threads=2"});
}

TEST_CASE("variables reach a subcommand's command line too") {
  const Environment variables{{"GPT_SEED", "5"}, {"GPT_FORCE", "1"}};
  SampleTool tool;
  const auto options = tool.parse({"model", "--num-layers", "2"});
  CHECK(options.seed == 5);
  CHECK(options.force);
  CHECK(tool.layers == 2);
}

TEST_CASE("-v and -q override every place of log-level and progress") {
  const ScratchFolder folder;
  const std::string file = folder.with("run.toml", "log-level = \"error\"\nprogress = \"on\"\n");
  const Environment variables{{"GPT_LOG_LEVEL", "info"}};
  SampleTool verbose;
  CHECK(verbose.parse({"-v", "--config", file}).log_level == gpt::log::Level::debug);
  SampleTool quiet;
  const auto options = quiet.parse({"-q", "--config", file});
  CHECK(options.log_level == gpt::log::Level::warning);
  CHECK(options.progress == gpt::log::ProgressMode::off);
  SampleTool quieter;
  CHECK(quieter.parse({"-q", "--log-level", "error"}).log_level == gpt::log::Level::error);
}
