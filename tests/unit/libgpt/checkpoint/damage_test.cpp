#include <functional>

#include <doctest/doctest.h>

#include "libcommon/io/errors.hpp"
#include "libgpt/checkpoint/model_folder.hpp"
#include "tests/unit/libgpt/checkpoint/sample_model.hpp"

namespace gpt::checkpoint {
namespace {

// What is said when the folder is opened and everything in it is read; empty when nothing is wrong.
std::string complaint(const std::string& folder) {
  try {
    auto model = ModelFolder::open_or_throw(folder);
    const model::ParameterLayout layout(model.config().model.shape);
    std::vector<float> values(layout.buffer_size());
    read_parameters_or_throw(model.weights(), layout, values);
    for (const auto moment : {OptimizerMoment::exp_avg, OptimizerMoment::exp_avg_sq}) {
      auto set = model.open_optimizer_or_throw(moment);
      if (set) read_parameters_or_throw(*set, layout, values);
    }
    model.trainer_state_or_throw();
    model.small_file_or_throw("vocab.json");
    model.small_file_or_throw("merges.txt");
  } catch (const std::exception& error) {
    return error.what();
  }
  return {};
}

void check_says(const std::string& message, const std::string& part) {
  CAPTURE(message);
  CHECK(message.find(part) != std::string::npos);
}

std::string saved_sample(const ScratchFolder& scratch, const CheckpointContent& content) {
  return save_or_throw(scratch.path(), 1, content);
}

TEST_CASE("a flipped bit anywhere in any file is noticed") {
  const ScratchFolder scratch;
  const SampleModel sample;
  const auto folder = saved_sample(scratch, sample.content());
  CHECK(complaint(folder).empty());
  for (const char* name :
       {"model.safetensors", "optimizer/exp_avg.safetensors", "optimizer/exp_avg_sq.safetensors",
        "config.json", "trainer_state.json", "vocab.json", "merges.txt"}) {
    const auto path = folder + "/" + name;
    const auto whole = slurp(path);
    for (const std::size_t place : {std::size_t{0}, whole.size() / 3, whole.size() - 1}) {
      auto damaged = whole;
      damaged[place] = static_cast<char>(damaged[place] ^ 0x10);
      spill(path, damaged);
      CAPTURE(place);
      check_says(complaint(folder), path);
      check_says(complaint(folder), "checksum");
    }
    spill(path, whole.substr(0, whole.size() - 1));
    check_says(complaint(folder), path);
    spill(path, whole);
  }
  CHECK(complaint(folder).empty());
}

TEST_CASE("only the chunks that are read are verified") {
  const ScratchFolder scratch;
  std::vector<float> large((std::size_t{3} << 20) / 2, 1.0F);  // 6 MiB: two chunks
  const std::vector<LogicalTensor> tensors = {{"a", {std::ssize(large)}}};
  const std::string header = make_safetensors_header(tensors, tensor::DType::f32);
  std::string bytes = header + std::string(reinterpret_cast<const char*>(large.data()), large.size() * 4);
  FileChecksums sums;
  sums.bytes = bytes.size();
  const auto all = std::as_bytes(std::span(bytes));
  sums.chunks = {chunk_hash(all.first(kChunkBytes)), chunk_hash(all.subspan(kChunkBytes))};
  bytes.back() = 'x';
  spill(scratch / "f", bytes);
  auto file = SafetensorsFile::open_or_throw(scratch / "f", sums);
  std::vector<float> values(10);
  const auto whole = model::whole_tensor(tensors[0].shape);
  CHECK_NOTHROW(file.read_part_or_throw(file.entries()[0], whole, 0, values));
  CHECK_THROWS_AS(file.read_part_or_throw(file.entries()[0], whole, std::ssize(large) - 10, values),
                  io::DataError);
}

// A saved folder whose config.json speaks of another model.
std::string complaint_with_config(const cost::ModelShape& shape) {
  const ScratchFolder scratch;
  const auto folder = saved_sample(scratch, SampleModel().content());
  std::filesystem::remove(folder + "/checksums.json");
  auto config = SampleModel::config();
  config.model.shape = shape;
  spill(folder + "/config.json", config_json(config, "float32"));
  return complaint(folder);
}

TEST_CASE("missing and wrong tensors are named before anything is read") {
  auto shape = SampleModel::config().model.shape;
  SUBCASE("missing") {
    shape.layers = 3;
    const auto message = complaint_with_config(shape);
    check_says(message, "model.safetensors: has no tensor transformer.h.2.ln_1.weight");
    check_says(message, "[8]");
  }
  SUBCASE("of another shape") {
    shape.vocabulary = 41;
    check_says(complaint_with_config(shape),
               "tensor transformer.wte.weight has shape [40, 8], but the configuration asks for [41, 8]");
  }
  SUBCASE("of the optimizer") {
    const ScratchFolder scratch;
    const ScratchFolder other;
    shape.layers = 1;
    const auto folder = saved_sample(scratch, SampleModel().content());
    const auto smaller = saved_sample(other, SampleModel(1.0F, shape).content());
    std::filesystem::remove(folder + "/checksums.json");
    const char* file = "/optimizer/exp_avg_sq.safetensors";
    spill(folder + file, slurp(smaller + file));
    check_says(complaint(folder), "exp_avg_sq.safetensors: has no tensor transformer.h.1.ln_1.weight");
  }
}

TEST_CASE("folders that are no model say what they lack") {
  const ScratchFolder scratch;
  check_says(complaint(scratch / "nowhere"), "No such file");
  check_says(complaint(scratch.path()), "neither config.json nor latest");
  spill(scratch / "latest", "iter_0000005\n");
  check_says(complaint(scratch.path()), "names iter_0000005");
  spill(scratch / "latest", "../x\n");
  check_says(complaint(scratch.path()), "does not name a checkpoint");
  const SampleModel sample;
  const auto folder = saved_sample(scratch, sample.content());
  std::filesystem::remove(folder + "/model.safetensors");
  check_says(complaint(folder), "neither model.safetensors nor model.safetensors.index.json");
  spill(folder + "/pytorch_model.bin", "x");
  check_says(complaint(folder), "save the model again with transformers");
}

TEST_CASE("a damaged table of checksums is refused") {
  const ScratchFolder scratch;
  const auto folder = saved_sample(scratch, SampleModel().content());
  const auto path = folder + "/checksums.json";
  const auto whole = slurp(path);
  for (const auto& damaged :
       {std::string("{"), std::string("{}"), whole.substr(0, whole.size() / 2),
        std::string(R"({"algorithm":"xxh3-64","chunk_bytes":4194304,"files":{"config.json":{}}})")}) {
    spill(path, damaged);
    check_says(complaint(folder), "checksums.json");
  }
}

}  // namespace
}  // namespace gpt::checkpoint
