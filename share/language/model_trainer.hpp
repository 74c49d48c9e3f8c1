#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <numeric>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "libcommon/text/language_model.hpp"
#include "share/language/training_corpus.hpp"

namespace gpt::language_training {

// Which features are looked at, by number.
class FeatureIndex {
 public:
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;

  explicit FeatureIndex(std::vector<std::uint32_t> ids)
      : ids_(std::move(ids)), places_(std::size_t{1} << kBits, kNone) {
    for (std::uint32_t i = 0; i < ids_.size(); ++i) {
      std::size_t at = ids_[i] >> (32 - kBits);
      while (places_[at] != kNone) at = (at + 1) & (places_.size() - 1);
      places_[at] = i;
    }
  }

  std::uint32_t find(std::uint32_t id) const {
    std::size_t at = id >> (32 - kBits);
    while (places_[at] != kNone && ids_[places_[at]] != id) at = (at + 1) & (places_.size() - 1);
    return places_[at];
  }

  std::size_t size() const { return ids_.size(); }
  std::uint32_t id(std::size_t i) const { return ids_[i]; }

 private:
  static constexpr unsigned kBits = 22;
  std::vector<std::uint32_t> ids_;
  std::vector<std::uint32_t> places_;
};

// The features that at least so many of the examples have, judged by one example in kCounted.
inline std::vector<std::uint32_t> frequent_features(const std::vector<Example>& examples, double least) {
  constexpr std::size_t kCounted = 5;
  std::vector<std::uint8_t> roughly(std::size_t{1} << 26);
  std::unordered_set<std::uint32_t> frequent;
  const auto enough = static_cast<std::uint8_t>(std::max(1.0, least / kCounted));
  for (std::size_t i = 0; i < examples.size(); i += kCounted) {
    gpt::text::for_each_language_feature(examples[i].text, [&](std::uint32_t id) {
      auto& count = roughly[id >> 6];
      if (count < enough) {
        ++count;
      } else if (count == enough) {
        frequent.insert(id);
      }
    });
  }
  std::vector<std::uint32_t> ids(frequent.begin(), frequent.end());
  std::sort(ids.begin(), ids.end());
  std::printf("%zu features looked at\n", ids.size());
  std::fflush(stdout);
  return ids;
}

// Of a feature, a weight for each class, and zeros up to a width that vector instructions like.
constexpr std::size_t kWidth = 24;
using Row = std::array<float, kWidth>;

class Trainer {
 public:
  Trainer(FeatureIndex index, const Settings& settings)
      : index_(std::move(index)),
        settings_(settings),
        weights_(index_.size(), Row{}),
        squares_(index_.size(), 0.0F),
        seen_(index_.size()) {}

  void start_from(const Trainer& other) {
    biases_ = other.biases_;
    for (std::size_t i = 0; i < index_.size(); ++i)
      weights_[i] = other.weights_[other.index_.find(index_.id(i))];
  }

  void train(const std::vector<Example>& examples, int epochs) {
    const double steps = static_cast<double>(epochs) * static_cast<double>(examples.size());
    double step = 0;
    for (int epoch = 0; epoch < epochs; ++epoch) {
      double loss = 0;
      std::size_t right = 0;
      for (const Example& example : examples) {
        const double left = 1 - step++ / steps;
        if (example.held_out) continue;
        const Row p = probabilities_of(example.text);
        loss -= example.weight * std::log(std::max(1e-9F, p[example.language]));
        right += best_of(p) == example.language;
        learn(example, p, static_cast<float>(settings_["rate"] * left));
      }
      std::printf("epoch %d: loss %.4f, right %.4f\n", epoch + 1, loss / static_cast<double>(examples.size()),
                  static_cast<double>(right) / static_cast<double>(examples.size()));
      std::fflush(stdout);
    }
  }

  // Whether the example is in another language than its class for sure.
  bool contradicts(const Example& example) {
    const Row p = probabilities_of(example.text);
    return p[best_of(p)] > 0.7F && p[example.language] < 0.1F;
  }

  // The features that move scores most, over all examples.
  std::vector<std::uint32_t> best_features(std::size_t count) const {
    std::vector<std::pair<double, std::uint32_t>> ranked;
    for (std::size_t i = 0; i < index_.size(); ++i) {
      double mean = 0, square = 0;
      for (std::size_t k = 0; k < kClasses.size(); ++k)
        mean += weights_[i][k] / static_cast<double>(kClasses.size());
      for (std::size_t k = 0; k < kClasses.size(); ++k)
        square += focus_of(kClasses[k]) * (weights_[i][k] - mean) * (weights_[i][k] - mean);
      ranked.emplace_back(-std::sqrt(square) * std::pow(static_cast<double>(seen_[i]), 0.5), index_.id(i));
    }
    std::sort(ranked.begin(), ranked.end());
    if (ranked.size() > count) ranked.resize(count);
    std::vector<std::uint32_t> ids;
    for (const auto& [rank, id] : ranked) ids.push_back(id);
    std::sort(ids.begin(), ids.end());
    return ids;
  }

  gpt::text::LanguageWeights quantised() const {
    std::vector<float> sizes;
    std::vector<Row> rows = weights_;
    for (Row& row : rows) {
      float mean = 0;  // what all classes have in common changes no probability
      for (std::size_t k = 0; k < kClasses.size(); ++k) mean += row[k] / static_cast<float>(kClasses.size());
      for (std::size_t k = 0; k < kClasses.size(); ++k) sizes.push_back(std::fabs(row[k] -= mean));
    }
    const auto nearly_all =
        sizes.begin() + static_cast<std::ptrdiff_t>(0.9995 * static_cast<double>(sizes.size()));
    std::nth_element(sizes.begin(), nearly_all, sizes.end());
    gpt::text::LanguageWeights result;
    result.scale = *nearly_all / 127;
    result.codes = kClasses;
    for (std::size_t k = 0; k < kClasses.size(); ++k)
      result.biases.push_back(biases_[k] + prior_of(kClasses[k]) + prior_beside_neighbours(kClasses[k]));
    for (std::size_t i = 0; i < rows.size(); ++i) {
      result.ids.push_back(index_.id(i));
      for (std::size_t k = 0; k < kClasses.size(); ++k)
        result.weights.push_back(
            static_cast<std::int8_t>(std::lround(std::clamp(rows[i][k] / result.scale, -127.0F, 127.0F))));
    }
    return result;
  }

 private:
  // Texts that say little (a name, a title) are more often in what users of the toolkit gather than in what
  // keeps their neighbours apart.
  float prior_of(const std::string& code) const {
    static const std::vector<std::string> kNordic = {"sv", "da", "nb", "nn", "fi"};
    if (code == "en") return static_cast<float>(settings_["prior-en"]);
    const bool is_nordic = std::find(kNordic.begin(), kNordic.end(), code) != kNordic.end();
    return is_nordic ? static_cast<float>(settings_["prior-nordic"]) : 0.0F;
  }

  // How frequent words are is known best of Bokmål, which pulls texts to it that could be in its neighbours.
  float prior_beside_neighbours(const std::string& code) const {
    return code == "nb" ? static_cast<float>(settings_["prior-nb"]) : 0.0F;
  }

  static std::size_t best_of(const Row& p) {
    return static_cast<std::size_t>(
        std::max_element(p.begin(), p.begin() + static_cast<std::ptrdiff_t>(kClasses.size())) - p.begin());
  }

  Row probabilities_of(std::string_view text) {
    found_.clear();
    Row p = {};
    gpt::text::for_each_language_feature(text, [&](std::uint32_t id) {
      if (const auto i = index_.find(id); i != FeatureIndex::kNone) found_.push_back(i);
    });
    for (const auto i : found_)
      for (std::size_t k = 0; k < kWidth; ++k) p[k] += weights_[i][k];
    worth_ = 1 / std::sqrt(static_cast<float>(std::max<std::size_t>(1, found_.size())));
    float most = -1e30F, sum = 0;
    for (std::size_t k = 0; k < kClasses.size(); ++k)
      most = std::max(most, p[k] = p[k] * worth_ + biases_[k]);
    for (std::size_t k = 0; k < kClasses.size(); ++k) sum += p[k] = std::exp(p[k] - most);
    for (std::size_t k = 0; k < kClasses.size(); ++k) p[k] /= sum;
    return p;
  }

  void learn(const Example& example, const Row& p, float rate) {
    Row slope = {};
    float square = 0;
    for (std::size_t k = 0; k < kClasses.size(); ++k) {
      slope[k] = example.weight * (p[k] - (k == example.language ? 1.0F : 0.0F));
      square += slope[k] * slope[k];
      biases_[k] -= 0.01F * rate * slope[k];
    }
    square *= worth_ * worth_;
    const float keep = 1 - rate * static_cast<float>(settings_["decay"]);
    for (const auto i : found_) {
      squares_[i] += square;
      ++seen_[i];
      const float pace = rate * worth_ / std::sqrt(squares_[i] + 1e-6F);
      for (std::size_t k = 0; k < kWidth; ++k) weights_[i][k] = keep * weights_[i][k] - pace * slope[k];
    }
  }

  FeatureIndex index_;
  const Settings& settings_;
  std::vector<Row> weights_;
  std::vector<float> squares_;
  std::vector<std::uint32_t> seen_;
  Row biases_ = {};
  std::vector<std::uint32_t> found_;
  float worth_ = 1;
};

// Multinomial logistic regression by stochastic gradient descent (AdaGrad), first on all frequent features;
// then the features that tell most are kept and trained again. The same texts and settings give the same
// weights. Tells on stdout how it goes.
inline gpt::text::LanguageWeights weights_learnt_from(Corpus& corpus, const Settings& settings) {
  Trainer first(FeatureIndex(frequent_features(corpus.examples(), settings["least-count"])), settings);
  first.train(corpus.examples(), 1);
  corpus.leave_out([&](const Example& example) { return first.contradicts(example); });
  if (settings["epochs"] > 1) first.train(corpus.examples(), static_cast<int>(settings["epochs"]) - 1);
  Trainer last(FeatureIndex(first.best_features(static_cast<std::size_t>(settings["features"]))), settings);
  last.start_from(first);
  last.train(corpus.examples(), static_cast<int>(settings["last-epochs"]));
  return last.quantised();
}

}  // namespace gpt::language_training
