#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace gpt::language_training {

// A list of words, a line each, some with a tab and how often they occur.
class FrequentWords {
 public:
  FrequentWords(const std::vector<std::string_view>& lines, double evenness) {
    double sum = 0;
    for (const std::string_view line : lines) {
      const std::size_t tab = std::min(line.find('\t'), line.size());
      words_.push_back(line.substr(0, tab));
      const double count =
          tab == line.size() ? 0 : std::strtod(std::string(line.substr(tab + 1)).c_str(), nullptr);
      // A word that was not met is as likely as one met every other time.
      sums_.push_back(sum += std::pow(count + 0.5, evenness));
    }
  }

  std::size_t size() const { return words_.size(); }

  // place: from 0 to below 1
  std::string_view evenly(double place) const {
    return words_[static_cast<std::size_t>(place * static_cast<double>(words_.size()))];
  }
  std::string_view by_frequency(double place) const {
    const auto found = std::upper_bound(sums_.begin(), sums_.end() - 1, place * sums_.back());
    return words_[static_cast<std::size_t>(found - sums_.begin())];
  }

 private:
  std::vector<std::string_view> words_;
  std::vector<double> sums_;
};

}  // namespace gpt::language_training
