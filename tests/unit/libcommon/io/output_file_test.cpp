#include "libcommon/io/output_file.hpp"

#include <csignal>
#include <filesystem>
#include <functional>
#include <thread>

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "libcommon/io/byte_source.hpp"
#include "libcommon/io/errors.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/scratch_folder.hpp"

namespace {

using namespace gpt;
using io::Existing;
using io::IoError;
using io::OutputFile;
using test::content_of;
using test::ScratchFolder;
using Names = std::vector<std::string>;

void write(const std::string& path, std::string_view bytes, Existing existing = Existing::refuse) {
  OutputFile out(path, existing);
  out.write_or_throw(bytes);
  out.commit_or_throw();
}

std::string error_of(const std::function<void()>& act) {
  try {
    act();
  } catch (const IoError& error) {
    return error.what();
  }
  return {};
}

}  // namespace

TEST_CASE("the file appears under its name with commit, not before") {
  const ScratchFolder folder;
  OutputFile out(folder.file("a.txt"));
  out.write_or_throw("first, ");
  out.write_or_throw("second");
  CHECK_FALSE(std::filesystem::exists(folder.file("a.txt")));
  CHECK(folder.names().size() == 1);
  out.commit_or_throw();
  CHECK(folder.names() == Names{"a.txt"});
  CHECK(content_of(folder.file("a.txt")) == "first, second");
}

TEST_CASE("without commit nothing is left, also when an exception passes") {
  const ScratchFolder folder;
  { OutputFile(folder.file("a.txt")).write_or_throw("half"); }
  CHECK(folder.names().empty());
  const auto fail_midway = [&] {
    OutputFile out(folder.file("a.txt"));
    out.write_or_throw(std::string(1000000, 'x'));
    throw std::runtime_error("midway");
  };
  CHECK_THROWS(fail_midway());
  CHECK(folder.names().empty());
}

TEST_CASE("a moved file is still one file") {
  const ScratchFolder folder;
  OutputFile first(folder.file("a.txt"));
  first.write_or_throw("a");
  OutputFile second = std::move(first);
  second.write_or_throw("b");
  second.commit_or_throw();
  CHECK(content_of(folder.file("a.txt")) == "ab");
}

TEST_CASE("an existing file is refused, and replaced when told so") {
  const ScratchFolder folder;
  const std::string path = folder.with("a.txt", "old");
  CHECK(error_of([&] { write(path, "new"); }) == path + ": exists already; --force replaces it");
  CHECK(error_of([&] { io::check_output_or_throw(path, Existing::refuse); }) ==
        path + ": exists already; --force replaces it");
  CHECK(content_of(path) == "old");
  write(path, "new", Existing::replace);
  CHECK(content_of(path) == "new");
  CHECK(folder.names() == Names{"a.txt"});
}

TEST_CASE("until commit the old file stays whole") {
  const ScratchFolder folder;
  const std::string path = folder.with("a.txt", "old");
  {
    OutputFile out(path, Existing::replace);
    out.write_or_throw("new");
  }
  CHECK(content_of(path) == "old");
  CHECK(folder.names() == Names{"a.txt"});
}

TEST_CASE("a file that appears meanwhile is not replaced") {
  const ScratchFolder folder;
  OutputFile out(folder.file("a.txt"));
  out.write_or_throw("ours");
  folder.with("a.txt", "theirs");
  CHECK(error_of([&] { out.commit_or_throw(); }).find("appeared while it was being written") !=
        std::string::npos);
  CHECK(content_of(folder.file("a.txt")) == "theirs");
  CHECK(folder.names() == Names{"a.txt"});
}

TEST_CASE("folders, and folders that are not there, are refused") {
  const ScratchFolder folder;
  CHECK(error_of([&] { write(folder.file("."), "x"); }) ==
        folder.file(".") + ": is a folder; a file name is needed");
  CHECK(error_of([&] { write(folder.file("no/a.txt"), "x"); }) ==
        folder.file("no/a.txt") + ": cannot create: No such file or directory");
}

TEST_CASE("a symbolic link is followed, to a file and to nothing yet, and stays a link") {
  const ScratchFolder folder;
  std::filesystem::create_directory(folder.file("data"));
  folder.with("data/real.txt", "old");
  std::filesystem::create_symlink("data/real.txt", folder.file("link"));
  std::filesystem::create_symlink("data/new.txt", folder.file("dangling"));
  CHECK_FALSE(error_of([&] { write(folder.file("link"), "x"); }).empty());
  write(folder.file("link"), "new", Existing::replace);
  write(folder.file("dangling"), "made");
  CHECK(std::filesystem::is_symlink(folder.file("link")));
  CHECK(std::filesystem::is_symlink(folder.file("dangling")));
  CHECK(content_of(folder.file("data/real.txt")) == "new");
  CHECK(content_of(folder.file("data/new.txt")) == "made");
  CHECK(folder.names() == Names{"dangling", "data", "link"});
}

TEST_CASE("a link that leads to itself is an error") {
  const ScratchFolder folder;
  std::filesystem::create_symlink("loop", folder.file("loop"));
  CHECK_FALSE(error_of([&] { write(folder.file("loop"), "x"); }).empty());
}

TEST_CASE("devices and pipes are written directly, whether they exist or not is no question") {
  write("/dev/null", "gone");
  CHECK(std::filesystem::is_character_file("/dev/null"));
  const ScratchFolder folder;
  REQUIRE(mkfifo(folder.file("pipe").c_str(), 0600) == 0);
  std::string heard;
  std::thread reader([&] { heard = io::read_file_or_throw(folder.file("pipe")); });
  write(folder.file("pipe"), "through the pipe");
  reader.join();
  CHECK(heard == "through the pipe");
  CHECK(folder.names() == Names{"pipe"});
}

TEST_CASE("a full device is an error") {
  CHECK(error_of([] { write("/dev/full", "x"); }) == "/dev/full: cannot write: No space left on device");
}

TEST_CASE("names choose the compression; what was written reads back") {
  const ScratchFolder folder;
  const std::string text(2000000, 'y');
  for (const char* name : {"a.jsonl.gz", "a.jsonl.zst"}) {
    write(folder.file(name), text);
    CHECK(content_of(folder.file(name)).size() < 20000);
    const bool same = io::read_file_or_throw(folder.file(name)) == text;
    CHECK(same);
    write(folder.file(name), "", Existing::replace);
    CHECK_FALSE(content_of(folder.file(name)).empty());
    CHECK(io::read_file_or_throw(folder.file(name)).empty());
  }
}

TEST_CASE("a file-size limit midway: an error, and no file under any name") {
  for (const char* name : {"a.txt", "a.gz", "a.zst"}) {
    const ScratchFolder folder;
    test::ChildProcess child([&] {
      std::signal(SIGXFSZ, SIG_IGN);
      const rlimit limit = {200, 200};
      setrlimit(RLIMIT_FSIZE, &limit);
      std::string text;
      for (unsigned i = 0; i < 100000; ++i) text += std::to_string(i * 2654435761U);
      const std::string message = error_of([&] { write(folder.file(name), text); });
      return message == folder.file(name) + ": cannot write: File too large" ? 0 : 1;
    });
    CHECK(child.wait() == 0);
    CHECK(folder.names().empty());
  }
}

TEST_CASE("a small file at once") {
  const ScratchFolder folder;
  io::write_file_or_throw(folder.file("a"), "1", Existing::refuse);
  CHECK_THROWS_AS(io::write_file_or_throw(folder.file("a"), "2", Existing::refuse), IoError);
  io::write_file_or_throw(folder.file("a"), "3", Existing::replace);
  CHECK(content_of(folder.file("a")) == "3");
}
