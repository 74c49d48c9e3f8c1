#include "libcommon/log/progress.hpp"

#include <chrono>
#include <thread>

#include <doctest/doctest.h>

#include "captured_stderr.hpp"
#include "libcommon/log/logger.hpp"

using namespace gpt;
using log::Progress;
using log::ProgressMode;
using std::chrono::milliseconds;

namespace {

// Calls update until something is shown or half a second is over (a terminal's line comes five times a
// second).
std::string first_shown(const test::TerminalStderr& terminal, Progress& progress, std::uint64_t done,
                        const std::string& note = "") {
  for (int i = 0; i < 100; ++i) {
    progress.update(done, note);
    const std::string shown = terminal.take();
    if (!shown.empty()) return shown;
    std::this_thread::sleep_for(milliseconds(5));
  }
  return {};
}

}  // namespace

TEST_CASE("off is silent on a terminal, and so is quiet") {
  std::string shown;
  {
    const test::TerminalStderr terminal;
    if (!terminal.ready()) {
      MESSAGE("SKIPPED: no pseudo-terminal can be opened here, so the live line is not tested");
      return;
    }
    Progress off(ProgressMode::off, "documents");
    shown += first_shown(terminal, off, 10);
    log::set_level(log::Level::warning);
    Progress on(ProgressMode::on, "documents");
    shown += first_shown(terminal, on, 10);
    log::set_level(log::Level::info);
  }
  CHECK(shown.empty());
}

TEST_CASE("on a terminal a live line shows count, rate and time left, and goes") {
  std::string shown, after, cleared;
  {
    const test::TerminalStderr terminal;
    if (!terminal.ready()) {
      MESSAGE("SKIPPED: no pseudo-terminal can be opened here, so the live line is not tested");
      return;
    }
    Progress progress(ProgressMode::automatic, "documents", 20000);
    shown = first_shown(terminal, progress, 12345, "loss 4.21");
    progress.finish();
    cleared = terminal.take();
    progress.finish();
    after = terminal.take();
  }
  CAPTURE(shown);
  CHECK(shown.starts_with("\r\033[K12k/20k documents, "));
  CHECK(shown.find("/s, 0:00:0") != std::string::npos);
  CHECK(shown.find(" left, loss 4.21") != std::string::npos);
  CHECK(shown.find('\n') == std::string::npos);
  CHECK(cleared == "\r\033[K");
  CHECK(after.empty());
}

TEST_CASE("without a terminal nothing is said at once, and no line is left to clear") {
  for (const auto mode : {ProgressMode::automatic, ProgressMode::on, ProgressMode::off}) {
    std::string said;
    {
      const test::CapturedStderr captured;
      {
        Progress progress(mode, "documents", 100);
        for (std::uint64_t done = 0; done <= 100; ++done) progress.update(done);
      }
      said = captured.text();
    }
    CHECK(said.empty());
  }
}
