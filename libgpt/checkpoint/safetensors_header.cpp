#include "libgpt/checkpoint/safetensors_header.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <set>

#include <simdjson.h>

#include "libcommon/io/errors.hpp"
#include "libcommon/io/json_text.hpp"
#include "libgpt/checkpoint/element_type.hpp"

namespace gpt::checkpoint {
namespace {

using io::DataError;
using simdjson::dom::element;

constexpr std::uint64_t kLengthBytes = 8;
// The format's own limit on the JSON part.
constexpr std::uint64_t kMaxHeaderBytes = 100'000'000;

std::string tensor_label(std::string_view name) { return "tensor " + std::string(name); }

Shape read_shape_or_throw(const std::string& path, std::string_view name, const element& value) {
  simdjson::dom::array sizes;
  if (value["shape"].get(sizes) != simdjson::SUCCESS)
    throw DataError(path, tensor_label(name) + " has no shape");
  Shape shape;
  for (const element size : sizes) {
    std::uint64_t number = 0;
    if (size.get(number) != simdjson::SUCCESS || number > std::numeric_limits<std::int64_t>::max()) {
      throw DataError(path, tensor_label(name) + " has a shape that is not a list of sizes");
    }
    shape.push_back(static_cast<std::int64_t>(number));
  }
  return shape;
}

// Bytes a tensor of this shape takes; throws where they cannot be counted.
std::uint64_t wanted_bytes_or_throw(const std::string& path, std::string_view name, const Shape& shape,
                                    std::uint64_t bytes_an_element) {
  std::uint64_t total = bytes_an_element;
  for (const auto size : shape) {
    if (__builtin_mul_overflow(total, static_cast<std::uint64_t>(size), &total)) {
      throw DataError(path, tensor_label(name) + " has the impossible shape " + shape_text(shape));
    }
  }
  return total;
}

TensorEntry read_entry_or_throw(const std::string& path, std::string_view name, const element& value,
                                std::uint64_t data_begin, std::uint64_t file_bytes) {
  TensorEntry entry;
  entry.name = name;
  std::string_view dtype;
  if (value["dtype"].get(dtype) != simdjson::SUCCESS)
    throw DataError(path, tensor_label(name) + " has no dtype");
  entry.dtype = dtype;
  const auto bytes_an_element = element_bytes(dtype);
  if (!bytes_an_element) throw DataError(path, tensor_label(name) + " has the unknown dtype " + entry.dtype);
  entry.shape = read_shape_or_throw(path, name, value);

  simdjson::dom::array offsets;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  if (value["data_offsets"].get(offsets) != simdjson::SUCCESS || offsets.size() != 2 ||
      offsets.at(0).get(begin) != simdjson::SUCCESS || offsets.at(1).get(end) != simdjson::SUCCESS ||
      end < begin) {
    throw DataError(path, tensor_label(name) + " has no valid data_offsets");
  }
  const std::uint64_t data_bytes = file_bytes - data_begin;
  if (end > data_bytes) {
    throw DataError(path, tensor_label(name) + " ends at byte " + std::to_string(end) +
                              " of the data, but there are only " + std::to_string(data_bytes) +
                              ": the file is truncated");
  }
  const auto wanted = wanted_bytes_or_throw(path, name, entry.shape, *bytes_an_element);
  if (end - begin != wanted) {
    throw DataError(path, tensor_label(name) + " of shape " + shape_text(entry.shape) + " and dtype " +
                              entry.dtype + " takes " + std::to_string(wanted) +
                              " bytes, but its data_offsets hold " + std::to_string(end - begin));
  }
  entry.begin = data_begin + begin;
  entry.end = data_begin + end;
  return entry;
}

void check_layout_or_throw(const std::string& path, const std::vector<TensorEntry>& entries,
                           std::uint64_t data_begin, std::uint64_t file_bytes) {
  std::uint64_t reached = data_begin;
  for (const auto& entry : entries) {
    if (entry.begin < reached)
      throw DataError(path, tensor_label(entry.name) + " overlaps the one before it");
    if (entry.begin > reached) {
      throw DataError(path, std::to_string(entry.begin - reached) + " bytes before " +
                                tensor_label(entry.name) + " belong to no tensor");
    }
    reached = entry.end;
  }
  if (reached != file_bytes) {
    throw DataError(path, std::to_string(file_bytes - reached) + " bytes at the end belong to no tensor");
  }
}

}  // namespace

std::vector<TensorEntry> parse_safetensors_header_or_throw(const std::string& path, std::string_view front,
                                                           std::uint64_t file_bytes) {
  if (file_bytes < kLengthBytes || front.size() < kLengthBytes) {
    throw DataError(path, "too short for a safetensors file (" + std::to_string(file_bytes) + " bytes)");
  }
  std::uint64_t header_bytes = 0;
  std::memcpy(&header_bytes, front.data(), kLengthBytes);
  if (header_bytes > kMaxHeaderBytes) {
    throw DataError(
        path, "not a safetensors file: its header would take " + std::to_string(header_bytes) + " bytes");
  }
  if (header_bytes > file_bytes - kLengthBytes || header_bytes > front.size() - kLengthBytes) {
    throw DataError(path, "the header takes " + std::to_string(header_bytes) +
                              " bytes, but the file has only " + std::to_string(file_bytes) +
                              ": the file is truncated");
  }
  const std::uint64_t data_begin = kLengthBytes + header_bytes;

  simdjson::dom::parser parser;
  const simdjson::padded_string json(front.substr(kLengthBytes, header_bytes));
  simdjson::dom::object tensors;
  if (const auto error = parser.parse(json).get(tensors); error != simdjson::SUCCESS) {
    throw DataError(
        path, std::string("the safetensors header is no JSON object: ") + simdjson::error_message(error));
  }
  std::vector<TensorEntry> entries;
  std::set<std::string_view> names;
  for (const auto [name, value] : tensors) {
    if (name == "__metadata__") continue;
    if (!names.insert(name).second) throw DataError(path, tensor_label(name) + " is there twice");
    entries.push_back(read_entry_or_throw(path, name, value, data_begin, file_bytes));
  }
  // Empty tensors first among those that begin at one place, so that they do not count as overlaps.
  std::sort(entries.begin(), entries.end(), [](const TensorEntry& a, const TensorEntry& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.end < b.end;
  });
  check_layout_or_throw(path, entries, data_begin, file_bytes);
  return entries;
}

std::uint64_t bytes_of(const LogicalTensor& tensor, tensor::DType type) {
  return static_cast<std::uint64_t>(element_count(tensor.shape)) * tensor::size_in_bytes(type);
}

std::string make_safetensors_header(std::span<const LogicalTensor> tensors, tensor::DType type) {
  std::string json = R"({"__metadata__":{"format":"pt"})";
  std::uint64_t reached = 0;
  for (const auto& tensor : tensors) {
    json += ',';
    io::append_json_string(json, tensor.name);
    json += R"(:{"dtype":")";
    json += tensor::safetensors_name(type);
    json += R"(","shape":[)";
    for (std::size_t i = 0; i < tensor.shape.size(); ++i) {
      if (i > 0) json += ',';
      json += std::to_string(tensor.shape[i]);
    }
    const std::uint64_t end = reached + bytes_of(tensor, type);
    json += R"(],"data_offsets":[)" + std::to_string(reached) + ',' + std::to_string(end) + "]}";
    reached = end;
  }
  json += '}';
  json.append((8 - json.size() % 8) % 8, ' ');
  const std::uint64_t length = json.size();
  std::string header(kLengthBytes, '\0');
  std::memcpy(header.data(), &length, kLengthBytes);
  return header + json;
}

}  // namespace gpt::checkpoint
