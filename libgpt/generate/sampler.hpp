#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace gpt::generate {

// How the next token is chosen from its logits. Applied in this order: temperature, top-k, top-p.
struct SamplingOptions {
  bool greedy = false;       // the likeliest token; the rest is then without effect
  double temperature = 1.0;  // logits are divided by it; 0 is greedy
  std::int64_t top_k = 0;    // only the k likeliest; 0: all
  double top_p = 0.0;        // only the likeliest whose probabilities first reach p; 0 and 1: all
  std::uint64_t seed = 1234;
};

// Chooses tokens. A choice depends on the logits, the options and the key alone: not on what was chosen
// before, nor on which other texts are generated beside it. Among equal logits the lower id counts as the
// likelier.
class Sampler {
 public:
  explicit Sampler(const SamplingOptions& options);

  // Which choice it is: the text it belongs to and its place there.
  struct Key {
    std::uint64_t text = 0;
    std::uint64_t position = 0;
  };

  // logits: of the ids 0, 1 ...; at least one. Throws std::runtime_error when there is no largest one (NaN).
  std::int32_t choose_or_throw(std::span<const float> logits, Key key);

 private:
  struct Candidate {
    double logit;
    std::int32_t id;
    bool operator<(const Candidate& other) const {  // less likely
      return logit != other.logit ? logit < other.logit : id > other.id;
    }
  };

  void keep_top_k();
  void keep_top_p();

  SamplingOptions options_;
  std::uint64_t random_key_;
  std::vector<Candidate> candidates_;
  std::vector<double> weights_;
};

// The id of the largest logit, the lowest on ties.
std::int32_t likeliest(std::span<const float> logits);

}  // namespace gpt::generate
