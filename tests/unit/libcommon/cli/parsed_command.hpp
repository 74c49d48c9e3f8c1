#pragma once

#include <cstdlib>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "libcommon/cli/command.hpp"
#include "libcommon/cli/errors.hpp"

namespace gpt::test {

// Sets variables of the environment for one scope.
class Environment {
 public:
  using Variables = std::initializer_list<std::pair<std::string, std::string>>;
  explicit Environment(Variables variables) {
    for (const auto& [name, value] : variables) {
      names_.push_back(name);
      setenv(name.c_str(), value.c_str(), 1);
    }
  }
  ~Environment() {
    for (const auto& name : names_) unsetenv(name.c_str());
  }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

 private:
  std::vector<std::string> names_;
};

// A tool with options of its own and two subcommands, as the real ones are made.
struct SampleTool {
  cli::Command command{"gpt-sample", "A tool for tests.", "  gpt-sample a.jsonl -o b.jsonl\n"};
  std::vector<std::string> inputs;
  std::string output = "-";
  int vocab_size = 100;
  bool lower_case = false;
  double threshold = 0.8;
  std::string prompt;
  std::vector<std::string> tokens;
  int layers = 0;
  int number = 0;
  CLI::App* model = nullptr;
  CLI::App* time = nullptr;

  SampleTool() {
    auto& app = command.app();
    app.add_option("inputs", inputs, "Inputs");
    app.add_option("-o,--output", output, "Output");
    app.add_option("--vocab-size", vocab_size, "Entries")->check(CLI::Range(1, 1000000));
    app.add_flag("--lower-case,!--no-lower-case", lower_case, "Lower case");
    app.add_option("--threshold", threshold, "Threshold")->check(CLI::Range(0.0, 1.0));
    app.add_option("--prompt", prompt, "Text");
    app.add_option("--special-tokens", tokens, "Tokens")->delimiter(',')->allow_extra_args(false);
    model = app.add_subcommand("model", "Size");
    model->add_option("--num-layers", layers, "Layers")->check(CLI::PositiveNumber);
    time = app.add_subcommand("time", "Days");
    time->add_option("--required-number", number, "Number")->required();
  }

  cli::CommonOptions parse(std::vector<std::string> arguments) {
    std::vector<const char*> argv = {"gpt-sample"};
    for (const auto& argument : arguments) argv.push_back(argument.c_str());
    return command.parse(static_cast<int>(argv.size()), argv.data());
  }
};

// The message of the UsageError that a command line gives; empty when it is accepted.
inline std::string usage_error(const std::vector<std::string>& arguments) {
  SampleTool tool;
  try {
    tool.parse(arguments);
  } catch (const cli::UsageError& error) {
    return error.what();
  }
  return {};
}

}  // namespace gpt::test
