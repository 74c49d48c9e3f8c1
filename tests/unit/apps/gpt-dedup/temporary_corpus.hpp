#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "apps/gpt-dedup/run.hpp"
#include "libcommon/io/byte_source.hpp"
#include "libcommon/io/json_text.hpp"

namespace gpt::dedup {

// A scratch folder with document files, in which the tool's stages run.
class TemporaryCorpus {
 public:
  TemporaryCorpus() {
    std::string name = (std::filesystem::temp_directory_path() / "gpt-dedup-test-XXXXXX").string();
    folder_ = mkdtemp(name.data());
  }
  ~TemporaryCorpus() { std::filesystem::remove_all(folder_); }
  TemporaryCorpus(const TemporaryCorpus&) = delete;
  TemporaryCorpus& operator=(const TemporaryCorpus&) = delete;

  std::string path(const std::string& name) const { return (folder_ / name).string(); }

  void write(const std::string& name, const std::string& bytes) const { std::ofstream(path(name)) << bytes; }
  void write_documents(const std::string& name, const std::vector<std::string>& texts) const {
    std::string bytes;
    for (const std::string& text : texts) bytes += "{\"text\":" + io::json_string(text) + "}\n";
    write(name, bytes);
  }

  // Runs the tool on files of the folder and returns the lines it kept. The output is out.jsonl.
  std::vector<std::string> deduplicate(const std::vector<std::string>& names, Options options = {}) const {
    for (const std::string& name : names) options.corpus.inputs.push_back(path(name));
    options.output = path("out.jsonl");
    options.corpus.temporary_folder = folder_.string();
    options.common.force = true;
    options.common.progress = log::ProgressMode::off;
    options.common.threads = options.common.threads == 0 ? 2 : options.common.threads;
    log::set_level(log::Level::error);
    run(options);
    return lines("out.jsonl");
  }

  std::vector<std::string> lines(const std::string& name) const {
    std::ifstream file(path(name));
    std::vector<std::string> result;
    for (std::string line; std::getline(file, line);) result.push_back(line);
    return result;
  }
  std::string bytes(const std::string& name) const { return io::read_file_or_throw(path(name)); }

 private:
  std::filesystem::path folder_;
};

}  // namespace gpt::dedup
