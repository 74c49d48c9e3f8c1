#include "libcommon/text/language_model.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include <doctest/doctest.h>

using namespace gpt::text;

namespace {

std::vector<std::uint32_t> features_of(std::string_view text) {
  std::vector<std::uint32_t> ids;
  for_each_language_feature(text, [&](std::uint32_t id) { ids.push_back(id); });
  return ids;
}

// Two classes: Swedish has the word "och", Danish the word "og".
LanguageWeights two_classes() {
  LanguageWeights weights;
  weights.codes = {"sv", "da"};
  weights.biases = {0.0F, 0.0F};
  weights.scale = 0.1F;
  const auto och = features_of("och");
  const auto og = features_of("og");
  std::vector<std::pair<std::uint32_t, bool>> rows;
  for (const auto id : och)
    if (std::find(og.begin(), og.end(), id) == og.end()) rows.emplace_back(id, true);
  for (const auto id : og)
    if (std::find(och.begin(), och.end(), id) == och.end()) rows.emplace_back(id, false);
  std::sort(rows.begin(), rows.end());
  for (const auto& [id, is_swedish] : rows) {
    weights.ids.push_back(id);
    weights.weights.push_back(is_swedish ? 100 : -100);
    weights.weights.push_back(is_swedish ? -100 : 100);
  }
  return weights;
}

}  // namespace

TEST_CASE("features are the n-grams of words and the words, whatever the case and what stands between") {
  // a: the letter, edge+a, edge+a+edge, a+edge
  CHECK(features_of("a").size() == 4);
  // a word of four letters: 4 letters; 2 to 5 letters of "|ordn|": 5 + 4 + 3 + 2; the word
  CHECK(features_of("ordn").size() == 4 + 5 + 4 + 3 + 2 + 1);
  CHECK(features_of("ÅÄÖ øre").size() == features_of("åäö ØRE").size());
  CHECK(features_of("ÅÄÖ øre") == features_of("åäö ØRE"));
  CHECK(features_of("en 12 (två)") == features_of("en två"));
  CHECK(features_of("entvå") != features_of("en två"));
  CHECK(features_of("12 - 34 !").empty());
  CHECK(features_of("").empty());
}

TEST_CASE("features of a text do not collide where they differ") {
  auto ids = features_of("abcdefghijklmnopqrstuvwxyzåäöæø");
  const std::size_t all = ids.size();
  std::sort(ids.begin(), ids.end());
  CHECK(std::unique(ids.begin(), ids.end()) - ids.begin() == static_cast<std::ptrdiff_t>(all));
}

TEST_CASE("letters are counted by script") {
  const auto counts = for_each_language_feature("två слова 漢字 1!", [](std::uint32_t) {});
  CHECK(counts.latin == 3);
  CHECK(counts.other == 7);
}

TEST_CASE("a model's weights decide, and their bytes read back as the same model") {
  const LanguageWeights weights = two_classes();
  const auto model = LanguageModel::parse_or_throw(language_model_bytes(weights), "two");
  CHECK(model.codes()[0] == "sv");
  CHECK(model.codes()[1] == "da");
  const auto swedish = model.judge("Och");
  CHECK(swedish.best == 0);
  CHECK(swedish.probabilities[0] > 0.99F);
  CHECK(swedish.probabilities[0] + swedish.probabilities[1] == doctest::Approx(1.0));
  CHECK(model.judge("og").best == 1);
  const auto nothing = model.judge("123");
  CHECK(nothing.features == 0);
  CHECK(nothing.probabilities[0] == doctest::Approx(0.5));
}

TEST_CASE("sums of many features stay right") {
  const LanguageModel model(two_classes());
  std::string text;
  for (int i = 0; i < 5000; ++i) text += "och og og ";
  const auto judgement = model.judge(text);
  CHECK(judgement.best == 1);
  CHECK(judgement.features > 5000);
}

TEST_CASE(
    "the weights of a text's features are added up, whatever their number, their sign and their class") {
  LanguageWeights weights;
  for (std::size_t c = 0; c < kMostLanguages; ++c) weights.codes.push_back("l" + std::to_string(c));
  weights.biases.assign(kMostLanguages, 0.0F);
  weights.scale = 0.001F;
  std::map<std::uint32_t, std::vector<std::int8_t>> rows;
  for (const std::uint32_t id : features_of("ett skepp kommer lastat med språk")) {
    auto& row = rows[id];
    for (std::size_t c = 0; c < kMostLanguages; ++c) row.push_back(static_cast<std::int8_t>(id >> (c % 24)));
    row.resize(kMostLanguages);
  }
  for (const auto& [id, row] : rows) {
    weights.ids.push_back(id);
    weights.weights.insert(weights.weights.end(), row.begin(), row.end());
  }
  const LanguageModel model(weights);
  std::string text;
  for (int words = 0; words < 100; ++words) {
    std::vector<double> sums(kMostLanguages);
    std::size_t known = 0;
    for (const std::uint32_t id : features_of(text)) {
      if (!rows.contains(id)) continue;
      ++known;
      for (std::size_t c = 0; c < kMostLanguages; ++c) sums[c] += rows[id][c];
    }
    const auto judgement = model.judge(text);
    CHECK(judgement.features == known);
    const double worth = 0.001 / std::sqrt(std::max(1.0, static_cast<double>(known)));
    for (std::size_t c = 0; c < kMostLanguages; ++c) {
      CHECK(std::log(judgement.probabilities[c] / judgement.probabilities[0]) ==
            doctest::Approx(worth * (sums[c] - sums[0])).epsilon(0.001));
    }
    text += words % 3 == 0 ? "skeppet lastade " : "ett främmande språk kommer med ";
  }
}

TEST_CASE("every feature has a place of its own, and no other is found there") {
  for (const std::size_t count : {0, 1, 2, 3, 100, 46000}) {
    std::vector<std::uint32_t> ids;
    for (std::uint32_t i = 0; i < count; ++i) ids.push_back(i * 0x9E3779B1u);
    const FeatureTable table(ids);
    CHECK(table.size() >= count);
    std::vector<bool> taken(table.size());
    std::size_t wrong = 0;
    for (const std::uint32_t id : ids) {
      const std::uint32_t place = table.place_of(id);
      wrong += !table.holds(place, id) || taken[place] ? 1 : 0;
      taken[place] = true;
    }
    for (std::uint32_t i = 0; i < 100000; ++i) {
      const std::uint32_t other = static_cast<std::uint32_t>(count + i) * 0x9E3779B1u;
      wrong += table.holds(table.place_of(other), other) ? 1 : 0;
    }
    CHECK(wrong == 0);
  }
}

TEST_CASE("a damaged model is refused with the reason") {
  const std::string good = language_model_bytes(two_classes());
  const auto refusal = [](const std::string& bytes) {
    try {
      LanguageModel::parse_or_throw(bytes, "some.model");
    } catch (const std::runtime_error& error) {
      return std::string(error.what());
    }
    return std::string("accepted");
  };
  CHECK(refusal("").find("some.model: no language model") == 0);
  CHECK(refusal("GPTLANG\n").find("ends early") != std::string::npos);
  CHECK(refusal(good.substr(0, good.size() - 1)).find("checksum") != std::string::npos);
  std::string flipped = good;
  flipped[30] ^= 1;
  CHECK(refusal(flipped).find("checksum") != std::string::npos);
  LanguageWeights weights = two_classes();
  std::swap(weights.ids[0], weights.ids[1]);
  CHECK(refusal(language_model_bytes(weights)).find("out of order") != std::string::npos);
  weights = two_classes();
  weights.scale = std::numeric_limits<float>::quiet_NaN();
  CHECK(refusal(language_model_bytes(weights)).find("no numbers") != std::string::npos);
  weights = two_classes();
  weights.weights.push_back(0);
  CHECK(refusal(language_model_bytes(weights)).find("beyond its end") != std::string::npos);
  weights = two_classes();
  weights.weights.pop_back();
  CHECK(refusal(language_model_bytes(weights)).find("ends early") != std::string::npos);
  weights = two_classes();
  weights.codes.resize(33, "xx");
  CHECK(refusal(language_model_bytes(weights)).find("33 languages") != std::string::npos);
}
