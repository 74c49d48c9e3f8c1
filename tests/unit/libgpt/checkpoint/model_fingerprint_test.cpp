#include "libgpt/checkpoint/model_fingerprint.hpp"

#include <filesystem>

#include <doctest/doctest.h>

#include "libcommon/io/errors.hpp"
#include "libgpt/checkpoint/chunk_checksums.hpp"
#include "tests/unit/libgpt/checkpoint/sample_model.hpp"

namespace gpt::checkpoint {
namespace {

namespace fs = std::filesystem;

// One as this toolkit saves it, and one as it comes from elsewhere.
std::uint64_t fingerprint_of(const std::string& folder, const SampleModel& sample, std::int64_t iteration) {
  return model_fingerprint_or_throw(save_or_throw(folder, iteration, sample.content(iteration)));
}
std::uint64_t fingerprint_without_checksums(const std::string& folder, const SampleModel& sample) {
  const auto path = save_or_throw(folder, 7, sample.content(7));
  fs::remove(fs::path(path) / kChecksumsFile);
  return model_fingerprint_or_throw(path);
}

TEST_CASE("a fingerprint is the model's, whatever its folder, and another's of another model") {
  const ScratchFolder scratch;
  const SampleModel sample(1.0F), other(2.0F);
  CHECK(fingerprint_of(scratch / "a", sample, 7) == fingerprint_of(scratch / "b", sample, 7));
  CHECK(fingerprint_of(scratch / "a", sample, 7) != fingerprint_of(scratch / "c", other, 7));
  CHECK(fingerprint_of(scratch / "a", sample, 7) != fingerprint_of(scratch / "d", sample, 8));
}

TEST_CASE("a model without checksums has a fingerprint too") {
  const ScratchFolder scratch;
  const SampleModel sample(1.0F), other(2.0F);
  const auto of_sample = fingerprint_without_checksums(scratch / "a", sample);
  CHECK(of_sample == fingerprint_without_checksums(scratch / "b", sample));
  CHECK(of_sample != fingerprint_without_checksums(scratch / "c", other));
  CHECK_THROWS_AS(model_fingerprint_or_throw(scratch / "nothing"), io::IoError);
}

}  // namespace
}  // namespace gpt::checkpoint
