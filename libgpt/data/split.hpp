#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gpt::data {

enum class Part { train, valid, test };
inline constexpr std::array kParts = {Part::train, Part::valid, Part::test};
std::string_view name_of(Part part);

// Sequences [begin, end) of a dataset.
struct SequenceRange {
  std::int64_t begin = 0;
  std::int64_t end = 0;
  std::int64_t size() const { return end - begin; }
};

// "969,30,1": how a dataset is divided into train, valid and test. Numbers left out are 0.
class Split {
 public:
  // Throws SampleError unless text is one to three non-negative numbers, separated by commas, that are not
  // all 0.
  static Split parse_or_throw(const std::string& text);
  // All of it is one part's.
  static Split whole(Part part);

  // The part's share of a dataset of so many sequences: consecutive, between the rounded (half to even)
  // cumulative fractions.
  SequenceRange range(Part part, std::int64_t sequences) const;
  const std::string& text() const { return text_; }

 private:
  Split(std::string text, const std::vector<double>& parts);
  std::string text_;
  std::array<double, 4> bounds_{};  // cumulative, from 0
};

}  // namespace gpt::data
