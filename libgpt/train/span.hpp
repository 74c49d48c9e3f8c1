#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "libgpt/comm/collective_sink.hpp"

namespace gpt::train {

// What a rank spends its time on. wait is for a neighbour in the pipeline: the bubble.
enum class SpanKind : std::uint8_t {
  step,
  data,
  forward,
  backward,
  wait,
  optimizer,
  message,
  evaluation,
  save
};

std::string_view name_of(SpanKind kind);

// The name of a group of ranks, cut where it is too long. Plain bytes, as spans travel between ranks.
class GroupName {
 public:
  GroupName() = default;
  explicit GroupName(std::string_view name);
  std::string_view text() const { return characters_.data(); }
  friend bool operator==(const GroupName&, const GroupName&) = default;
  friend auto operator<=>(const GroupName&, const GroupName&) = default;

 private:
  std::array<char, 16> characters_{};  // ends with a 0
};

// A stretch of one rank's time, in nanoseconds from the beginning of the profile. A message (a collective or
// one between two ranks) may go on while the rank computes: blocked is what of its time the rank spent in
// calls.
struct Span {
  SpanKind kind = SpanKind::step;
  comm::Operation operation = comm::Operation::barrier;  // of a message
  GroupName group;                                       // of a message
  std::int64_t number = 0;                               // the step's iteration, or the micro batch
  std::int64_t chunk = 0;                                // of forward and backward
  std::int64_t start = 0, end = 0;
  std::int64_t blocked = 0;  // of a message
  std::int64_t bytes = 0;    // of a message

  std::int64_t length() const { return end - start; }
  // "forward", "tensor all-reduce".
  std::string name() const;
};

}  // namespace gpt::train
