#pragma once

#include <functional>
#include <string>
#include <vector>

namespace gpt::fuzz {

// A reader of untrusted bytes, with good inputs to damage.
struct Target {
  std::string name;
  std::vector<std::string> samples;
  std::vector<std::string> words;
  // Reads the bytes. True when they were accepted, false when they were refused with the error the reader's
  // contract names. Anything else it throws, and std::logic_error for a broken promise, is a finding.
  std::function<bool(const std::string& bytes)> read;
};

// Of a program; tests/fuzz/CMakeLists.txt lists the programs.
std::vector<Target> all_targets();

}  // namespace gpt::fuzz
