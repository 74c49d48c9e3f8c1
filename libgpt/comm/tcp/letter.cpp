#include "libgpt/comm/tcp/letter.hpp"

#include <bit>
#include <cstring>
#include <string_view>

namespace gpt::comm {
namespace {

static_assert(std::endian::native == std::endian::little, "numbers are sent as they lie in memory");

constexpr std::string_view kMagic = "gptranks";
constexpr std::uint32_t kVersion = 1;
constexpr std::int32_t kMostRanks = 1 << 20;

template <class T>
void put(std::string& bytes, T value) {
  bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
}

void put_text(std::string& bytes, const std::string& text) {
  put(bytes, static_cast<std::uint32_t>(text.size()));
  bytes += text;
}

class Reader {
 public:
  explicit Reader(std::string_view bytes) : left_(bytes) {}

  template <class T>
  T number() {
    T value{};
    std::memcpy(&value, take(sizeof value).data(), sizeof value);
    return value;
  }
  std::string text() { return std::string(take(number<std::uint32_t>())); }
  std::int32_t between(std::int32_t low, std::int32_t high) {
    const auto value = number<std::int32_t>();
    if (value < low || value > high) throw ForeignBytes("a number is out of its range");
    return value;
  }
  void end() const {
    if (!left_.empty()) throw ForeignBytes("a letter goes on after its end");
  }

 private:
  std::string_view take(std::size_t count) {
    if (count > left_.size()) throw ForeignBytes("a letter ends early");
    const std::string_view taken = left_.substr(0, count);
    left_.remove_prefix(count);
    return taken;
  }

  std::string_view left_;
};

}  // namespace

std::string encode(const Letter& letter) {
  std::string bytes(kMagic);
  put(bytes, kVersion);
  put(bytes, static_cast<std::uint32_t>(letter.kind));
  put(bytes, static_cast<std::uint32_t>(letter.body.size()));
  return bytes + letter.body;
}

LetterHead parse_letter_head_or_throw(std::span<const char, kLetterHead> head, std::uint32_t most) {
  const std::string_view bytes(head.data(), head.size());
  if (!bytes.starts_with(kMagic)) throw ForeignBytes("it does not speak as a rank");
  Reader reader(bytes.substr(kMagic.size()));
  const auto version = reader.number<std::uint32_t>();
  if (version != kVersion) {
    throw ForeignBytes("it speaks version " + std::to_string(version) + " of the ranks' protocol, not " +
                       std::to_string(kVersion) + ": start the same build on all ranks");
  }
  const auto kind = reader.number<std::uint32_t>();
  if (kind < 1 || kind > 5) throw ForeignBytes("a letter of an unknown kind");
  const auto length = reader.number<std::uint32_t>();
  if (length > most) throw ForeignBytes("a letter of " + std::to_string(length) + " bytes");
  return {static_cast<Letter::Kind>(kind), length};
}

std::string encode_body(const Hello& hello) {
  std::string body;
  put(body, hello.world_size);
  put(body, hello.rank);
  put(body, hello.port);
  put_text(body, hello.job);
  put_text(body, hello.host);
  return body;
}

Hello parse_hello_or_throw(const std::string& body) {
  Reader reader(body);
  Hello hello;
  hello.world_size = reader.between(1, kMostRanks);
  hello.rank = reader.between(0, hello.world_size - 1);
  hello.port = reader.between(0, 65535);
  hello.job = reader.text();
  hello.host = reader.text();
  reader.end();
  return hello;
}

std::string encode_body(const std::vector<Whereabouts>& table) {
  std::string body;
  put(body, static_cast<std::uint32_t>(table.size()));
  for (const Whereabouts& entry : table) {
    put_text(body, entry.address);
    put(body, entry.port);
    put_text(body, entry.host);
  }
  return body;
}

std::vector<Whereabouts> parse_table_or_throw(const std::string& body) {
  Reader reader(body);
  const auto count = reader.number<std::uint32_t>();
  if (count > static_cast<std::uint32_t>(kMostRanks)) throw ForeignBytes("a table of too many ranks");
  std::vector<Whereabouts> table;
  for (std::uint32_t rank = 0; rank < count; ++rank) {
    Whereabouts entry;
    entry.address = reader.text();
    entry.port = reader.between(0, 65535);
    entry.host = reader.text();
    table.push_back(std::move(entry));
  }
  reader.end();
  return table;
}

}  // namespace gpt::comm
