#include "libcommon/log/logger.hpp"

#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include "captured_stderr.hpp"

using namespace gpt;
using log::Level;

namespace {

struct LevelReset {
  ~LevelReset() {
    log::set_level(Level::info);
    log::set_live_line(false);
  }
};

}  // namespace

TEST_CASE("a level lets itself and the graver ones through") {
  const LevelReset reset;
  const std::string lines[] = {"tool: error: e\n", "tool: warning: w\n", "tool: i\n", "tool: d\n"};
  std::string wanted;
  for (int level = 0; level < 4; ++level) {
    wanted += lines[level];
    std::string said;
    {
      const test::CapturedStderr captured;
      log::set_tool("tool");
      log::set_level(static_cast<Level>(level));
      log::error("e");
      log::warning("w");
      log::info("i");
      log::debug("d");
      said = captured.text();
    }
    CHECK(said == wanted);
    CHECK(log::enabled(static_cast<Level>(level)));
  }
}

TEST_CASE("lines of several threads do not mix") {
  std::string said;
  {
    const test::CapturedStderr captured;
    log::set_tool("tool");
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([] {
        for (int n = 0; n < 200; ++n) log::info("a message of some length that is one line");
      });
    }
    for (auto& thread : threads) thread.join();
    said = captured.text();
  }
  std::string wanted;
  for (int i = 0; i < 800; ++i) wanted += "tool: a message of some length that is one line\n";
  const bool same = said == wanted;
  CHECK(same);
}

TEST_CASE("a message clears the live progress line, once") {
  const LevelReset reset;
  std::string said;
  {
    const test::CapturedStderr captured;
    log::set_tool("tool");
    log::set_live_line(true);
    log::warning("w");
    log::info("i");
    said = captured.text();
  }
  CHECK(said == "\r\033[Ktool: warning: w\ntool: i\n");
}
