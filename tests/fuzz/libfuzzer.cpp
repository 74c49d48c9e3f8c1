// The fuzz targets of a program under libFuzzer: libfuzzer_X --target=NAME [options and folders of
// libFuzzer]. libfuzzer_X --list names the targets; --target=NAME --write=FOLDER puts its samples into
// FOLDER/seeds, its words into FOLDER/dictionary, and ends. tests/fuzz/run.sh does both.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>

#include "tests/fuzz/targets.hpp"

namespace {

using gpt::fuzz::Target;

// Chosen once: libFuzzer calls with nothing but bytes.
std::optional<Target> chosen;

void write_file(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

// A line of a dictionary: quoted, what is not plain ASCII as \xNN.
std::string dictionary_line(const std::string& word) {
  std::string line = "\"";
  for (const char c : word) {
    char escaped[5];
    std::snprintf(escaped, sizeof escaped, "\\x%02X", static_cast<unsigned>(static_cast<unsigned char>(c)));
    const bool plain = c >= ' ' && c <= '~' && c != '"' && c != '\\';
    line += plain ? std::string(1, c) : escaped;
  }
  return line + "\"\n";
}

void write_seeds(const Target& target, const std::filesystem::path& folder) {
  constexpr std::size_t kLongestWord = 64;  // as libFuzzer takes them
  std::filesystem::create_directories(folder / "seeds");
  for (std::size_t i = 0; i < target.samples.size(); ++i) {
    write_file(folder / "seeds" / ("sample-" + std::to_string(i)), target.samples[i]);
  }
  std::string dictionary;
  for (const std::string& word : target.words) {
    if (!word.empty() && word.size() <= kLongestWord) dictionary += dictionary_line(word);
  }
  write_file(folder / "dictionary", dictionary);
}

std::optional<std::string> value_of(int argc, char** argv, std::string_view option) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument.starts_with(option)) return std::string(argument.substr(option.size()));
  }
  return std::nullopt;
}

}  // namespace

// libFuzzer passes over what begins with "--", and hands it on to the processes it starts.
extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  const auto name = value_of(*argc, *argv, "--target=");
  const bool list = value_of(*argc, *argv, "--list").has_value();
  for (const Target& target : gpt::fuzz::all_targets()) {
    if (list) std::printf("%s\n", target.name.c_str());
    if (name && target.name == *name) chosen = target;
  }
  if (list) std::exit(0);
  if (!chosen) {
    std::fprintf(stderr, "%s: --target=NAME is missing, or no target of this program: see --list\n",
                 (*argv)[0]);
    std::exit(2);
  }
  if (const auto folder = value_of(*argc, *argv, "--write=")) {
    write_seeds(*chosen, *folder);
    std::exit(0);
  }
  return 0;
}

// A finding is an exception that leaves, or what the sanitizers see.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  chosen->read(std::string(reinterpret_cast<const char*>(data), size));
  return 0;
}
