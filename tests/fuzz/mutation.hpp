#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace gpt::fuzz {

// Makes damaged inputs out of good ones: the same seed gives the same inputs on every machine.
class Mutator {
 public:
  // words: pieces worth putting in (keywords of a format, extreme numbers).
  Mutator(std::uint64_t seed, std::vector<std::string> samples, std::vector<std::string> words);

  // One of the samples after one to eight changes: bits flipped, bytes replaced, pieces cut, doubled, moved
  // or put in, two samples spliced.
  std::string next();

 private:
  std::size_t below(std::size_t bound);
  void change(std::string& bytes);

  // mt19937_64 is the same everywhere; the library's distributions are not, so below() does their work
  std::mt19937_64 random_;
  std::vector<std::string> samples_;
  std::vector<std::string> words_;
};

}  // namespace gpt::fuzz
