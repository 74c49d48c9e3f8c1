#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace gpt::data {

// What one dataset gives to a part: a row of the table that a run prints before it starts.
struct DatasetShare {
  std::string path;
  double weight = 1;           // normalised
  std::int64_t sequences = 0;  // in this part
  std::int64_t tokens = 0;     // one epoch of this part
  std::int64_t samples = 0;    // that the run takes from it
  double epochs = 0;           // passes over its tokens that these samples make
};

// The training samples of one part in the order in which they are trained on.
class SampleSource {
 public:
  virtual ~SampleSource() = default;
  virtual std::int64_t size() const = 0;  // samples
  virtual std::int64_t sequence_length() const = 0;
  // Sample i as sequence_length() + 1 token ids: inputs are the first of them, targets the last. Safe to call
  // from several threads.
  virtual void read(std::int64_t i, std::span<std::int32_t> tokens) const = 0;
  virtual std::vector<DatasetShare> shares() const = 0;
};

}  // namespace gpt::data
