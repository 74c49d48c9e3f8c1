#include <cstdint>
#include <cstring>

#include <doctest/doctest.h>

#include "libcommon/io/errors.hpp"
#include "libgpt/checkpoint/safetensors_file.hpp"
#include "libgpt/checkpoint/tensor_set.hpp"
#include "tests/unit/libgpt/checkpoint/sample_model.hpp"

namespace gpt::checkpoint {
namespace {

std::string file_with(const std::string& json, std::size_t data_bytes) {
  std::uint64_t length = json.size();
  std::string bytes(reinterpret_cast<const char*>(&length), 8);
  return bytes + json + std::string(data_bytes, '\0');
}

std::string refusal(const std::string& bytes) {
  try {
    parse_safetensors_header_or_throw("m.safetensors", bytes, bytes.size());
  } catch (const io::DataError& error) {
    return error.what();
  }
  return "accepted";
}

void check_says(const std::string& message, const std::string& part) {
  CAPTURE(message);
  CHECK(message.find("m.safetensors") != std::string::npos);
  CHECK(message.find(part) != std::string::npos);
}

TEST_CASE("a sound header gives its tensors in the order of their data") {
  const auto bytes = file_with(
      R"({"b":{"dtype":"F32","shape":[2,3],"data_offsets":[4,28]},"__metadata__":{"format":"pt"},)"
      R"("a":{"dtype":"BOOL","shape":[4],"data_offsets":[0,4]},"empty":{"dtype":"F32","shape":[0],"data_offsets":[4,4]},)"
      R"("scalar":{"dtype":"F64","shape":[],"data_offsets":[28,36]}})",
      36);
  const auto entries = parse_safetensors_header_or_throw("m.safetensors", bytes, bytes.size());
  REQUIRE(entries.size() == 4);
  CHECK(entries[0].name == "a");
  CHECK(entries[2].name == "b");
  CHECK(entries[2].shape == Shape{2, 3});
  CHECK(entries[2].end - entries[2].begin == 24);
  CHECK(entries[3].end == bytes.size());
}

TEST_CASE("damaged headers are refused, each with its reason") {
  check_says(refusal("short"), "too short");
  check_says(refusal(std::string(16, '\xff')), "not a safetensors file");
  check_says(refusal(file_with("{}", 0).substr(0, 9)), "truncated");
  check_says(refusal(file_with("[1]", 0)), "no JSON object");
  check_says(refusal(file_with(R"({"a":)", 0)), "no JSON object");
  check_says(refusal(file_with(R"({"a":{"shape":[1],"data_offsets":[0,4]}})", 4)), "tensor a has no dtype");
  check_says(refusal(file_with(R"({"a":{"dtype":"F31","shape":[1],"data_offsets":[0,4]}})", 4)),
             "unknown dtype F31");
  check_says(refusal(file_with(R"({"a":{"dtype":"F32","data_offsets":[0,4]}})", 4)), "has no shape");
  check_says(refusal(file_with(R"({"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}})", 4)),
             "list of sizes");
  check_says(refusal(file_with(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}})", 4)),
             "data_offsets");
  check_says(refusal(file_with(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}})", 4)),
             "data_offsets");
  check_says(refusal(file_with(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", 4)), "truncated");
  check_says(refusal(file_with(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}})", 4)),
             "takes 8 bytes");
  check_says(
      refusal(file_with(R"({"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,4]}})", 4)),
      "impossible shape");
  check_says(refusal(file_with(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},)"
                               R"("b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}})",
                               6)),
             "tensor b overlaps");
  check_says(refusal(file_with(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}})", 6)),
             "belong to no tensor");
  check_says(refusal(file_with(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", 6)),
             "belong to no tensor");
  check_says(refusal(file_with(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},)"
                               R"("a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})",
                               8)),
             "is there twice");
}

TEST_CASE("tensors are found with and without their prefix, and masks beside them do not matter") {
  const ScratchFolder scratch;
  spill(scratch / "model.safetensors",
        file_with(R"({"h.0.attn.bias":{"dtype":"U8","shape":[1,1,2,2],"data_offsets":[0,4]},)"
                  R"("wte.weight":{"dtype":"BF16","shape":[1,2],"data_offsets":[4,8]}})",
                  4) +
            std::string("\x80\x3f\x00\xc0", 4));
  auto set = TensorSet::open_or_throw(scratch.path(), "model");
  std::vector<float> values(2);
  set.read_or_throw("transformer.wte.weight", {1, 2}, values);
  CHECK(values == std::vector<float>{1.0F, -2.0F});
  set.read_or_throw("wte.weight", {1, 2}, values);
  std::vector<float> one(1);
  set.read_part_or_throw("wte.weight", {1, 2}, model::whole_tensor({1, 2}), 1, one);
  CHECK(one[0] == -2.0F);
  CHECK_THROWS_WITH_AS(
      set.check_or_throw("wpe.weight", {3, 2}),
      (scratch / "model.safetensors: has no tensor wpe.weight, wanted with shape [3, 2]").c_str(),
      io::DataError);
  CHECK_THROWS_WITH_AS(
      set.read_or_throw("wte.weight", {2, 1}, values),
      (scratch /
       "model.safetensors: tensor wte.weight has shape [1, 2], but the configuration asks for [2, 1]")
          .c_str(),
      io::DataError);
  std::vector<float> mask(4);
  CHECK_THROWS_AS(set.read_or_throw("h.0.attn.bias", {1, 1, 2, 2}, mask), io::DataError);
}

TEST_CASE("large tensors are read in pieces, whole and in part") {
  const ScratchFolder scratch;
  std::vector<float> large(9'000'001);
  for (std::size_t i = 0; i < large.size(); ++i) large[i] = static_cast<float>(i);
  const std::vector<float> before = {5.0F, 6.0F, 7.0F};
  const std::vector<LogicalTensor> tensors = {{"a", {3}}, {"b", {std::ssize(large)}}};
  std::string bytes = make_safetensors_header(tensors, tensor::DType::f32);
  for (const auto& values : {before, large})
    bytes.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float));
  spill(scratch / "m.safetensors", bytes);
  auto set = TensorSet::open_or_throw(scratch.path(), "m");
  std::vector<float> read(large.size());
  set.read_or_throw("b", {std::ssize(large)}, read);
  CHECK(read == large);
  std::vector<float> part(5'000'000);
  set.read_part_or_throw("b", {std::ssize(large)}, model::whole_tensor({std::ssize(large)}), 3'999'999, part);
  CHECK(std::equal(part.begin(), part.end(), large.begin() + 3'999'999));
  std::vector<float> small(3);
  set.read_or_throw("a", {3}, small);
  CHECK(small == before);
}

TEST_CASE("an index must tell the truth about its shards") {
  const ScratchFolder scratch;
  const std::string shard = file_with(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", 4);
  spill(scratch / "model-00001-of-00001.safetensors", shard);
  const std::string index = scratch / "model.safetensors.index.json";
  spill(index, R"({"weight_map":{"a":"model-00001-of-00001.safetensors"}})");
  CHECK(TensorSet::open_or_throw(scratch.path(), "model").contains("a"));
  spill(index,
        R"({"weight_map":{"a":"model-00001-of-00001.safetensors","b":"model-00001-of-00001.safetensors"}})");
  CHECK_THROWS_AS(TensorSet::open_or_throw(scratch.path(), "model"), io::DataError);
  spill(index, R"({"weight_map":{"a":"../elsewhere.safetensors"}})");
  CHECK_THROWS_AS(TensorSet::open_or_throw(scratch.path(), "model"), io::DataError);
  spill(index, R"({"weight_map":{"a":"gone.safetensors"}})");
  CHECK_THROWS_AS(TensorSet::open_or_throw(scratch.path(), "model"), io::IoError);
  spill(index, "{}");
  CHECK_THROWS_AS(TensorSet::open_or_throw(scratch.path(), "model"), io::DataError);
}

}  // namespace
}  // namespace gpt::checkpoint
