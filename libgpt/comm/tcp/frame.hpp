#pragma once

#include <cstddef>
#include <cstdint>

namespace gpt::comm {

// What stands before every message between two ranks that have met, and where it belongs. A message longer
// than kLongestUnasked is sent when its receiver has a place for it: the receiver grants it when it starts
// its receive; a sender that has no grant announces the message meanwhile. Others are sent unasked.
struct FrameHead {
  static constexpr std::uint16_t kMagic = 0x7247;
  enum class Type : std::uint8_t {
    whole = 1,     // a message: its bytes follow
    announce = 2,  // a long one is waiting to be sent
    grant = 3,     // a long one can be received
    granted = 4,   // one that was announced: its bytes follow
    goodbye = 5,   // no more will come, and all is well
    abort = 6,     // the ranks are to end, with the exit code `bytes`
  };
  // Messages of different kinds, or with different tags, do not wait for each other.
  enum class Kind : std::uint8_t { message, collective };

  std::uint16_t magic = kMagic;
  Type type = Type::whole;
  Kind kind = Kind::message;
  std::uint32_t group = 0;
  std::uint64_t tag = 0;  // of a message; the number of a collective in its group
  std::uint64_t bytes = 0;
};
static_assert(sizeof(FrameHead) == 24);

inline constexpr std::size_t kLongestUnasked = std::size_t{32} << 10;

}  // namespace gpt::comm
