#include "apps/gpt-preprocess/dataset_set.hpp"

#include <filesystem>
#include <string>

#include <doctest/doctest.h>
#include <unistd.h>

#include "libcommon/io/errors.hpp"

using namespace gpt;
using namespace gpt::preprocess;
namespace fs = std::filesystem;

TEST_CASE("datasets come to be together or not at all") {
  const fs::path folder = fs::temp_directory_path() / ("gpt_dataset_set_" + std::to_string(getpid()));
  fs::create_directory(folder);
  const std::string prefix = folder / "p";
  const std::string first = dataset_name(prefix, "a", Level::document);
  {
    DatasetSet set(prefix, {"a", "b"}, Level::document, dataset::TokenType::u16, io::Existing::refuse);
    // A folder of the second one's name lets its renaming fail.
    fs::create_directory(dataset_name(prefix, "b", Level::document) + ".bin");
    CHECK_THROWS_AS(set.commit_or_throw(), io::IoError);
  }
  CHECK_FALSE(fs::exists(first + ".bin"));
  CHECK_FALSE(fs::exists(first + ".idx"));
  fs::remove(dataset_name(prefix, "b", Level::document) + ".bin");
  DatasetSet set(prefix, {"a", "b"}, Level::document, dataset::TokenType::u16, io::Existing::refuse);
  set.commit_or_throw();
  CHECK(fs::exists(first + ".idx"));
  CHECK(fs::exists(dataset_name(prefix, "b", Level::document) + ".idx"));
  fs::remove_all(folder);
}
