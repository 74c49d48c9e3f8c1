#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gpt::train_tool {

// A number of a step under a name.
struct Scalar {
  std::string_view tag;
  double value = 0;
};

// What TensorBoard's event files consist of: protocol-buffer messages of type Event, each framed as a
// TFRecord (u64 length, masked CRC-32C of the length, message, masked CRC-32C of the message; little-endian).
// wall_time: seconds since 1970.

// The first record of a file.
std::string version_record(double wall_time);
// Numbers of a step.
std::string scalars_record(double wall_time, std::int64_t step, const std::vector<Scalar>& scalars);

// A TFRecord around a message.
std::string framed_record(std::string_view message);

}  // namespace gpt::train_tool
