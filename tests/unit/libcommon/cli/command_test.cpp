#include <map>

#include <doctest/doctest.h>

#include "libcommon/cli/version.hpp"
#include "parsed_command.hpp"
#include "tests/support/scratch_folder.hpp"

namespace {

using gpt::cli::InformationRequested;
using gpt::cli::UsageError;
using gpt::test::Environment;
using gpt::test::SampleTool;
using gpt::test::usage_error;

bool says(const std::string& message, const std::string& part) {
  return message.find(part) != std::string::npos;
}

std::string information(const std::vector<std::string>& arguments) {
  SampleTool tool;
  try {
    tool.parse(arguments);
  } catch (const InformationRequested& requested) {
    return requested.text();
  }
  return {};
}

}  // namespace

TEST_CASE("underscores stand for dashes in option names, not in values") {
  SampleTool tool;
  tool.parse({"--vocab_size", "5", "--special_tokens=<a_b>,<c_d>", "in_put.jsonl", "--log_level=error"});
  CHECK(tool.vocab_size == 5);
  CHECK(tool.tokens == std::vector<std::string>{"<a_b>", "<c_d>"});
  CHECK(tool.inputs == std::vector<std::string>{"in_put.jsonl"});
  SampleTool value;
  value.parse({"--prompt=--a_b=c_d"});
  CHECK(value.prompt == "--a_b=c_d");
  SampleTool after_end;
  after_end.parse({"--", "--a_b"});
  CHECK(after_end.inputs == std::vector<std::string>{"--a_b"});
}

TEST_CASE("what follows -- is positional") {
  SampleTool tool;
  tool.parse({"-o", "out", "--", "-o", "--vocab-size", "model"});
  CHECK(tool.output == "out");
  CHECK(tool.inputs == std::vector<std::string>{"-o", "--vocab-size", "model"});
}

TEST_CASE("- and ./model are inputs, model is a subcommand") {
  SampleTool tool;
  tool.parse({"-", "./model"});
  CHECK(tool.inputs == std::vector<std::string>{"-", "./model"});
  CHECK_FALSE(tool.model->parsed());
  SampleTool with_subcommand;
  with_subcommand.parse({"model"});
  CHECK(with_subcommand.model->parsed());
}

TEST_CASE("common options follow or precede a subcommand") {
  SampleTool after;
  const auto options = after.parse({"model", "--num-layers", "4", "--seed", "9", "--threads", "2"});
  CHECK(options.seed == 9);
  CHECK(options.threads == 2);
  CHECK(after.layers == 4);
  SampleTool before;
  CHECK(before.parse({"--seed", "9", "model", "--num-layers", "4"}).seed == 9);
  CHECK(before.layers == 4);
}

TEST_CASE("of an option given twice the last counts") {
  SampleTool tool;
  const auto options = tool.parse({"--seed", "1", "--vocab-size=2", "--force", "--seed", "3", "--vocab-size",
                                   "4", "--lower-case", "--no-lower-case", "--force"});
  CHECK(options.seed == 3);
  CHECK(options.force);
  CHECK(tool.vocab_size == 4);
  CHECK_FALSE(tool.lower_case);
  SampleTool lists;  // a list gathers
  lists.parse({"--special-tokens", "a,b", "x", "--special-tokens", "c"});
  CHECK(lists.tokens.front() == "a");
  CHECK(lists.tokens.back() == "c");
}

TEST_CASE("a mistyped option is answered with the nearest one") {
  CHECK(usage_error({"--vocab-sise", "5"}) == "unknown option '--vocab-sise'; did you mean '--vocab-size'?");
  CHECK(usage_error({"--vocab_sise=5"}) == "unknown option '--vocab-sise'; did you mean '--vocab-size'?");
  CHECK(usage_error({"--thread", "5"}) == "unknown option '--thread'; did you mean '--threads'?");
  CHECK(usage_error({"model", "--num-layer", "5"}) ==
        "unknown option '--num-layer'; did you mean '--num-layers'?");
  CHECK(usage_error({"model", "--sede", "5"}) == "unknown option '--sede'; did you mean '--seed'?");
  CHECK(usage_error({"--completely-different"}) == "unknown option '--completely-different'");
  CHECK(usage_error({"time", "--required-nubmer", "5"}) ==
        "unknown option '--required-nubmer'; did you mean '--required-number'?");
  CHECK(usage_error({"time"}) == "--required-number is required");
}

TEST_CASE("wrong values name the option and the value") {
  for (const char* value : {"0", "-1", "x", "2.5", "4097", ""}) {
    CAPTURE(value);
    const std::string message = usage_error({std::string("--threads=") + value});
    CHECK(says(message, "--threads"));
    CHECK_FALSE(says(message, "(from"));
  }
  CHECK(says(usage_error({"--seed", "-1"}), "--seed"));
  CHECK(says(usage_error({"--seed", "18446744073709551616"}), "--seed"));
  CHECK(says(usage_error({"--log-level", "loud"}), "loud"));
  CHECK(says(usage_error({"--progress", "maybe"}), "maybe"));
  CHECK(says(usage_error({"--threshold", "1.5"}), "--threshold"));
  CHECK(says(usage_error({"--vocab-size"}), "--vocab-size"));
  CHECK(usage_error({"--threads", "x"}) == "--threads: 'x' is no whole number from 1 to 4096");
  CHECK(usage_error({"model", "--num-layers", "-3"}) == "--num-layers: Value -3 is too small");
  CHECK(usage_error({"--threshold", "1,5"}) == "--threshold: Value 1,5 not in range 0.000000 to 1.000000");
  CHECK(usage_error({"time", "--required-number", "1e3"}) == "--required-number: cannot read '1e3'");
  SampleTool largest;
  CHECK(largest.parse({"--seed", "18446744073709551615"}).seed == 18446744073709551615U);
}

TEST_CASE("a wrong value from the environment is named with its variable") {
  for (const auto& [variable, value] : std::map<std::string, std::string>{{"GPT_THREADS", "many"},
                                                                          {"GPT_SEED", "-4"},
                                                                          {"GPT_LOG_LEVEL", "loud"},
                                                                          {"GPT_PROGRESS", "maybe"},
                                                                          {"GPT_FORCE", "perhaps"}}) {
    CAPTURE(variable);
    const Environment variables{{variable, value}};
    CHECK(says(usage_error({}), "(from " + variable + ")"));
    CHECK(says(usage_error({"model"}), "(from " + variable + ")"));
  }
  const Environment variables{{"GPT_SEED", "5"}};
  CHECK_FALSE(says(usage_error({"--seed", "x"}), "(from"));
}

TEST_CASE("--help lists own and common options and the examples") {
  const std::string text = information({"--help"});
  for (const char* part : {"A tool for tests.", "--vocab-size", "--threads", "--report", "--config",
                           "Common options", "gpt-sample a.jsonl -o b.jsonl"}) {
    CAPTURE(part);
    CHECK(says(text, part));
  }
  CHECK(information({"-h"}) == text);
  CHECK(says(information({"model", "--help"}), "--num-layers"));
}

TEST_CASE("--version names the tool, its version, commit and features") {
  const std::string text = information({"--version"});
  CHECK(text.starts_with("gpt-sample " + gpt::cli::version_number() + "\n"));
  CHECK(says(text, "commit: "));
  CHECK(says(text, "compiler: "));
  CHECK(says(text, "features: "));
}

TEST_CASE("parsing opens no file of the command line") {
  const gpt::test::ScratchFolder folder;
  const std::string missing = folder.file("missing.jsonl");
  SampleTool tool;
  const auto options = tool.parse(
      {missing, "-o", folder.file("out.jsonl"), "--report", folder.file("report.json"), "--force"});
  CHECK(tool.inputs == std::vector<std::string>{missing});
  CHECK(options.report == folder.file("report.json"));
  CHECK(folder.names().empty());
}

TEST_CASE("threads default to the processors this process may use") {
  SampleTool tool;
  CHECK(tool.parse({}).threads == gpt::cli::available_processors());
  CHECK(gpt::cli::available_processors() >= 1);
}
