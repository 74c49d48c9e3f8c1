#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace gpt::comm {

// What came over a new connection is not from a rank of this program and version.
class ForeignBytes : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// What ranks write to each other until all have met: a head that tells this program and version from others,
// and a body. docs/formats/ranks-over-tcp.md describes the bytes.
struct Letter {
  enum class Kind : std::uint32_t {
    hello = 1,      // a rank introduces itself
    refusal = 2,    // it is not received; the body says why
    table = 3,      // where all ranks listen
    ready = 4,      // it is received
    other_run = 5,  // it is not received here, but may be elsewhere
  };
  Kind kind = Kind::hello;
  std::string body;
};

inline constexpr std::size_t kLetterHead = 20;
inline constexpr std::uint32_t kMostHelloBytes = 2048;
inline constexpr std::uint32_t kMostLetterBytes = 64U << 20;

std::string encode(const Letter& letter);

// The kind and the length of the body. Throws ForeignBytes, also where the body would be longer than `most`.
struct LetterHead {
  Letter::Kind kind = Letter::Kind::hello;
  std::uint32_t length = 0;
};
LetterHead parse_letter_head_or_throw(std::span<const char, kLetterHead> head, std::uint32_t most);

// How a rank introduces itself.
struct Hello {
  std::int32_t world_size = 0;
  std::int32_t rank = 0;
  std::int32_t port = 0;  // on which it listens for the ranks above it
  std::string job;        // what all ranks of one run have in common
  std::string host;       // its name, for messages
};
std::string encode_body(const Hello& hello);
Hello parse_hello_or_throw(const std::string& body);  // throws ForeignBytes

// Where each rank listens, by rank.
struct Whereabouts {
  std::string address;  // numeric; empty: where rank 0 is found
  std::int32_t port = 0;
  std::string host;
};
std::string encode_body(const std::vector<Whereabouts>& table);
std::vector<Whereabouts> parse_table_or_throw(const std::string& body);  // throws ForeignBytes

}  // namespace gpt::comm
