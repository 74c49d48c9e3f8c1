#include "libcommon/cli/run_main.hpp"

#include <csignal>
#include <new>

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "libcommon/cli/errors.hpp"
#include "libcommon/cli/stop_signals.hpp"
#include "libcommon/io/byte_source.hpp"
#include "libcommon/io/errors.hpp"
#include "libcommon/io/output_file.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/scratch_folder.hpp"

namespace {

using gpt::cli::ExitCode;
using gpt::cli::run_main;
using gpt::test::ChildProcess;
using gpt::test::ScratchFolder;

// Runs a tool in a child; its stdout and stderr land in files of the folder.
int exit_code_of(
    const ScratchFolder& folder, const std::function<ExitCode()>& body,
    const std::function<void()>& before = [] {}) {
  ChildProcess child([&] {
    dup2(open(folder.file("stdout").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666), STDOUT_FILENO);
    dup2(open(folder.file("stderr").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666), STDERR_FILENO);
    before();
    return run_main("gpt-sample", body);
  });
  return child.wait();
}

}  // namespace

TEST_CASE("what leaves a tool's body becomes its exit code and one message") {
  const ScratchFolder folder;
  const auto said = [&] { return gpt::test::content_of(folder.file("stderr")); };
  CHECK(exit_code_of(folder, [] { return ExitCode::done; }) == 0);
  CHECK(said().empty());
  CHECK(exit_code_of(folder, [] { return ExitCode::failed; }) == 1);

  CHECK(exit_code_of(folder, []() -> ExitCode { throw gpt::cli::UsageError("no such option"); }) == 2);
  CHECK(said() == "gpt-sample: error: no such option\nTry 'gpt-sample --help'.\n");

  CHECK(exit_code_of(folder,
                     []() -> ExitCode { throw gpt::io::IoError("a.jsonl", "cannot open", ENOENT); }) == 1);
  CHECK(said() == "gpt-sample: error: a.jsonl: cannot open: No such file or directory\n");

  CHECK(exit_code_of(folder, []() -> ExitCode { throw gpt::io::DataError("a.jsonl", 3, "not valid"); }) == 1);
  CHECK(said() == "gpt-sample: error: a.jsonl:3: not valid\n");

  CHECK(exit_code_of(folder, []() -> ExitCode { throw std::bad_alloc(); }) == 1);
  CHECK(said() == "gpt-sample: error: out of memory\n");

  CHECK(exit_code_of(folder, []() -> ExitCode { throw gpt::cli::StoppedOnRequest(); }) == 75);

  CHECK(exit_code_of(folder, []() -> ExitCode { throw gpt::cli::InformationRequested("text\n"); }) == 0);
  CHECK(gpt::test::content_of(folder.file("stdout")) == "text\n");
  CHECK(said().empty());
}

TEST_CASE("a closed stdout ends the tool as SIGPIPE does, quietly, its temporaries removed") {
  const ScratchFolder folder;
  const int code = exit_code_of(
      folder,
      [&] {
        gpt::io::OutputFile side(folder.file("side.txt"));
        side.write_or_throw("half");
        gpt::io::OutputFile out("-");
        out.write_or_throw("text\n");
        out.commit_or_throw();
        side.commit_or_throw();
        return ExitCode::done;
      },
      [] {
        int ends[2];
        if (pipe(ends) != 0) _exit(98);
        close(ends[0]);
        dup2(ends[1], STDOUT_FILENO);
      });
  CHECK(code == 128 + SIGPIPE);
  CHECK(gpt::test::content_of(folder.file("stderr")).empty());
  CHECK(folder.names() == std::vector<std::string>{"stderr", "stdout"});
}

TEST_CASE("information that cannot be written is an error, or ends quietly, as any output") {
  const ScratchFolder folder;
  const auto help = []() -> ExitCode { throw gpt::cli::InformationRequested("text\n"); };
  CHECK(exit_code_of(folder, help, [] { dup2(open("/dev/full", O_WRONLY), STDOUT_FILENO); }) == 1);
  CHECK(gpt::test::content_of(folder.file("stderr")) ==
        "gpt-sample: error: stdout: cannot write: No space left on device\n");
  const int unread = exit_code_of(folder, help, [] {
    int ends[2];
    if (pipe(ends) != 0) _exit(98);
    close(ends[0]);
    dup2(ends[1], STDOUT_FILENO);
  });
  CHECK(unread == 128 + SIGPIPE);
}

TEST_CASE("a file-size limit is an error with a message, and leaves nothing behind") {
  const ScratchFolder folder;
  const int code = exit_code_of(
      folder,
      [&] {
        gpt::io::OutputFile out(folder.file("out.txt"));
        out.write_or_throw(std::string(std::size_t{1} << 20, 'x'));
        out.commit_or_throw();
        return ExitCode::done;
      },
      [] {
        const rlimit limit = {100000, 100000};
        setrlimit(RLIMIT_FSIZE, &limit);
      });
  CHECK(code == 1);
  CHECK(gpt::test::content_of(folder.file("stderr")) ==
        "gpt-sample: error: " + folder.file("out.txt") + ": cannot write: File too large\n");
  CHECK(folder.names() == std::vector<std::string>{"stderr", "stdout"});
}

TEST_CASE("closed standard descriptors are not taken by the files of a tool") {
  const ScratchFolder folder;
  const auto close_all = [] {
    close(STDIN_FILENO);
    close(STDOUT_FILENO);
  };
  const int reading = exit_code_of(
      folder,
      [] {
        gpt::io::read_file_or_throw("-");
        return ExitCode::done;
      },
      close_all);
  CHECK(reading == 1);
  CHECK(gpt::test::content_of(folder.file("stderr")).find("stdin: cannot read") != std::string::npos);
  const int writing = exit_code_of(
      folder,
      [&] {
        gpt::io::OutputFile file(folder.file("out.txt"));
        file.write_or_throw("data");
        file.commit_or_throw();
        gpt::io::OutputFile out("-");
        out.write_or_throw("text\n");
        out.commit_or_throw();
        return ExitCode::done;
      },
      close_all);
  CHECK(writing == 1);
  CHECK(gpt::test::content_of(folder.file("stderr")).find("stdout: cannot write") != std::string::npos);
  CHECK(gpt::test::content_of(folder.file("out.txt")) == "data");
}
