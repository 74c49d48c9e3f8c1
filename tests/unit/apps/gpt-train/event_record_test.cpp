#include "apps/gpt-train/event_record.hpp"

#include <string>

#include <doctest/doctest.h>

#include "apps/gpt-train/crc32c.hpp"
#include "apps/gpt-train/tensorboard_log.hpp"
#include "libcommon/io/byte_source.hpp"
#include "tests/support/scratch_folder.hpp"

using namespace gpt;
using namespace gpt::train_tool;

namespace {

std::string from_hex(const std::string& hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16)));
  }
  return bytes;
}

}  // namespace

TEST_CASE("CRC-32C of the examples of RFC 3720") {
  CHECK(crc32c("") == 0);
  CHECK(crc32c("123456789") == 0xE3069283);
  CHECK(crc32c(std::string(32, '\0')) == 0x8A9136AA);
  CHECK(crc32c(std::string(32, '\xFF')) == 0x62A8AB43);
  std::string rising;
  for (char c = 0; c < 32; ++c) rising.push_back(c);
  CHECK(crc32c(rising) == 0x46DD794E);
}

// The wanted bytes are those that TensorBoard's own writer makes of the same events.
TEST_CASE("a file begins with its version") {
  CHECK(version_record(2.0) ==
        from_hex("1800000000000000a37f4b220900000000000000401a0d627261696e2e4576656e743a32ff2ee0e7"));
}

TEST_CASE("numbers of a step are an Event with a Summary") {
  CHECK(scalars_record(1.5, 300, {{"lm loss", 2.5}, {"grad-norm", 1.0}}) ==
        from_hex("300000000000000095f5d05f09000000000000f83f10ac022a220a0e0a076c6d206c6f7373150000"
                 "20400a100a09677261642d6e6f726d150000803f15bc4ef7"));
}

TEST_CASE("every start of a run has an event file of its own") {
  const test::ScratchFolder folder;
  const std::string logs = folder.file("logs/run");
  std::string first;
  {
    TensorboardLog log(logs);
    first = log.path();
    log.write_or_throw(train::StepMetrics{1, 8, 128, 5.0, 1.0, 1e-3, 0.5, 8});
    log.write_or_throw(train::EvaluationMetrics{train::EvaluationKind::interval, 1, 8, 5.0, 0.1});
  }
  const TensorboardLog second(logs);
  CHECK(second.path() != first);
  const std::string bytes = io::read_file_or_throw(first);
  for (const char* tag : {"lm loss", "lm loss vs samples", "learning-rate", "batch-size", "grad-norm",
                          "loss-scale", "lm loss validation", "lm loss validation ppl"}) {
    CHECK(bytes.find(tag) != std::string::npos);
  }
}
