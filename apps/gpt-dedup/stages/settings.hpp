#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gpt::dedup {

// One thing that a stage's file hangs on: an option, an input, the files of an earlier stage.
struct Setting {
  std::string name;
  std::string value;
};
using Settings = std::vector<Setting>;

// The first that is not alike, as "--seeds 100, not --seeds 60"; empty where all are.
std::optional<std::string> difference(const Settings& there, const Settings& asked);

// A fingerprint as a setting's value.
std::string in_hex(std::uint64_t fingerprint);

}  // namespace gpt::dedup
