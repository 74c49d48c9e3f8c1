#include "apps/gpt-crawl/html_files.hpp"

#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>
#include <unistd.h>

#include "libcommon/io/errors.hpp"

namespace fs = std::filesystem;
using gpt::crawl::file_url;
using gpt::crawl::list_html_files_or_throw;

TEST_CASE("a folder's pages are listed in sorted order, by their names") {
  const auto folder = fs::temp_directory_path() / ("crawl-files-" + std::to_string(getpid()));
  fs::create_directories(folder / "b" / "c");
  for (const char* name :
       {"z.html", "a.HTM", "b/x.xhtml.gz", "b/c/y.html.zst", "b/readme.txt", "b/html", "b/w.html.bak"})
    std::ofstream(folder / name) << "x";
  const auto found = list_html_files_or_throw({(folder / "b/readme.txt").string(), folder.string()});
  std::vector<std::string> names;
  for (const auto& path : found) names.push_back(fs::path(path).lexically_relative(folder).string());
  CHECK(names ==
        std::vector<std::string>{"b/readme.txt", "a.HTM", "b/c/y.html.zst", "b/x.xhtml.gz", "z.html"});
  fs::remove_all(folder / "b");
  fs::remove(folder / "z.html");
  fs::remove(folder / "a.HTM");
  CHECK_THROWS_AS(list_html_files_or_throw({folder.string()}), gpt::io::IoError);
  fs::remove_all(folder);
  CHECK_THROWS_AS(list_html_files_or_throw({folder.string()}), gpt::io::IoError);
}

TEST_CASE("a path as an address") {
  CHECK(file_url("/a/b.html") == "file:///a/b.html");
  CHECK(file_url("/a b/50%/x?y#z.html") == "file:///a%20b/50%25/x%3Fy%23z.html");
  CHECK(file_url("/sm\xC3\xB6r.html") == "file:///sm%C3%B6r.html");
  CHECK(file_url("/a/../b/./c.html") == "file:///b/c.html");
}
