#include "apps/gpt-train/event_record.hpp"

#include <bit>

#include "apps/gpt-train/crc32c.hpp"

namespace gpt::train_tool {
namespace {

// Protocol buffers: a field is its number and wire type in one varint, then its value.
enum class WireType : std::uint64_t { varint = 0, fixed64 = 1, bytes = 2, fixed32 = 5 };

// Event: wall_time 1 (double), step 2 (int64), file_version 3 (string), summary 5 (Summary).
// Summary: value 1 (repeated Value). Value: tag 1 (string), simple_value 2 (float).
enum class EventField : std::uint64_t { wall_time = 1, step = 2, file_version = 3, summary = 5 };
constexpr std::uint64_t kSummaryValue = 1;
constexpr std::uint64_t kValueTag = 1;
constexpr std::uint64_t kValueNumber = 2;

template <class Unsigned>
void append_little_endian(std::string& out, Unsigned value) {
  for (std::size_t i = 0; i < sizeof value; ++i) out.push_back(static_cast<char>(value >> (8 * i) & 0xFF));
}

void append_varint(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<char>(value | 0x80));
  out.push_back(static_cast<char>(value));
}

void append_key(std::string& out, std::uint64_t field, WireType type) {
  append_varint(out, field << 3 | static_cast<std::uint64_t>(type));
}

void append_bytes(std::string& out, std::uint64_t field, std::string_view bytes) {
  append_key(out, field, WireType::bytes);
  append_varint(out, bytes.size());
  out += bytes;
}

std::string event_front(double wall_time) {
  std::string event;
  append_key(event, static_cast<std::uint64_t>(EventField::wall_time), WireType::fixed64);
  append_little_endian(event, std::bit_cast<std::uint64_t>(wall_time));
  return event;
}

std::string scalar_value(const Scalar& scalar) {
  std::string value;
  append_bytes(value, kValueTag, scalar.tag);
  append_key(value, kValueNumber, WireType::fixed32);
  append_little_endian(value, std::bit_cast<std::uint32_t>(static_cast<float>(scalar.value)));
  return value;
}

// So that the checksum of bytes that hold checksums is not weak.
std::uint32_t masked_checksum(std::string_view bytes) { return std::rotr(crc32c(bytes), 15) + 0xA282EAD8; }

}  // namespace

std::string framed_record(std::string_view message) {
  std::string record;
  append_little_endian(record, static_cast<std::uint64_t>(message.size()));
  append_little_endian(record, masked_checksum(record));
  record += message;
  append_little_endian(record, masked_checksum(message));
  return record;
}

std::string version_record(double wall_time) {
  std::string event = event_front(wall_time);
  append_bytes(event, static_cast<std::uint64_t>(EventField::file_version), "brain.Event:2");
  return framed_record(event);
}

std::string scalars_record(double wall_time, std::int64_t step, const std::vector<Scalar>& scalars) {
  std::string summary;
  for (const Scalar& scalar : scalars) append_bytes(summary, kSummaryValue, scalar_value(scalar));
  std::string event = event_front(wall_time);
  append_key(event, static_cast<std::uint64_t>(EventField::step), WireType::varint);
  append_varint(event, static_cast<std::uint64_t>(step));
  append_bytes(event, static_cast<std::uint64_t>(EventField::summary), summary);
  return framed_record(event);
}

}  // namespace gpt::train_tool
