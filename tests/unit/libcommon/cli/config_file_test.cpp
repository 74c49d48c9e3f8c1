#include <doctest/doctest.h>

#include "parsed_command.hpp"
#include "tests/support/scratch_folder.hpp"

namespace {

using gpt::test::Environment;
using gpt::test::SampleTool;
using gpt::test::ScratchFolder;
using gpt::test::usage_error;

bool says(const std::string& message, const std::string& part) {
  return message.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("keys take _ for -, comments and sections of subcommands are read") {
  const ScratchFolder folder;
  const std::string file = folder.with("run.toml",
                                       "# a comment\n"
                                       "vocab_size = 321\n"
                                       "log_level = \"warning\"\n"
                                       "[model]\n"
                                       "num_layers = 12\n");
  SampleTool tool;
  const auto options = tool.parse({"--config", file, "model"});
  CHECK(tool.vocab_size == 321);
  CHECK(options.log_level == gpt::log::Level::warning);
  CHECK(tool.layers == 12);
  SampleTool overridden;
  overridden.parse({"--config", file, "model", "--num-layers", "3"});
  CHECK(overridden.layers == 3);
}

TEST_CASE("an unknown key names the file, the key and the nearest one") {
  const ScratchFolder folder;
  const std::string file = folder.with("run.toml", "thread = 4\n");
  CHECK(usage_error({"--config", file}) == file + ": unknown key 'thread'; did you mean 'threads'?");
  const std::string strange = folder.with("strange.toml", "zzzzzzzzzzzzz = 4\n");
  CHECK(usage_error({"--config", strange}) == strange + ": unknown key 'zzzzzzzzzzzzz'");
}

TEST_CASE("keys that are no options of a file are refused") {
  const ScratchFolder folder;
  for (const char* key : {"help", "version", "config", "verbose", "quiet"}) {
    CAPTURE(key);
    const std::string file = folder.with("run.toml", std::string(key) + " = true\n");
    const std::string message = usage_error({"--config", file});
    CHECK(says(message, file));
    CHECK(says(message, key));
  }
}

TEST_CASE("a wrong value in the file is named with the file") {
  const ScratchFolder folder;
  const std::string file = folder.with("run.toml", "vocab-size = \"many\"\n");
  CHECK(says(usage_error({"--config", file}), "(from " + file + ")"));
  const std::string range = folder.with("range.toml", "threads = 0\n");
  CHECK(says(usage_error({"--config", range}), "(from " + range + ")"));
  CHECK(usage_error({"--config", range, "--threads", "2"}).empty());
}

TEST_CASE("a missing file is an error, and says who named it") {
  const ScratchFolder folder;
  const std::string missing = folder.file("missing.toml");
  CHECK(says(usage_error({"--config", missing}), missing));
  const Environment variables{{"GPT_CONFIG", missing}};
  CHECK(says(usage_error({}), "(from GPT_CONFIG)"));
}

TEST_CASE("an empty file changes nothing") {
  const ScratchFolder folder;
  SampleTool tool;
  CHECK(tool.parse({"--config", folder.with("run.toml", "")}).seed == 1234);
  CHECK(tool.vocab_size == 100);
}
