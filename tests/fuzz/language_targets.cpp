#include "tests/fuzz/language_targets.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <stdexcept>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "libcommon/io/errors.hpp"
#include "libcommon/text/language.hpp"
#include "libcommon/text/language_model.hpp"
#include "libcommon/text/utf8.hpp"

namespace gpt::fuzz {
namespace {

std::string small_model() {
  text::LanguageWeights weights;
  weights.codes = {"sv", "da", "other"};
  weights.biases = {0.5F, -0.25F, 0.0F};
  weights.scale = 0.125F;
  text::for_each_language_feature("aa", [&](std::uint32_t id) { weights.ids.push_back(id); });
  std::sort(weights.ids.begin(), weights.ids.end());
  weights.ids.erase(std::unique(weights.ids.begin(), weights.ids.end()), weights.ids.end());
  for (std::size_t i = 0; i < weights.ids.size() * weights.codes.size(); ++i) {
    weights.weights.push_back(static_cast<std::int8_t>(static_cast<int>(i * 37 % 255) - 127));
  }
  return text::language_model_bytes(weights);
}

std::string model_without_features() {
  text::LanguageWeights weights;
  weights.codes = {"sv"};
  weights.biases = {0};
  return text::language_model_bytes(weights);
}

// A model that was accepted judges any text, and its probabilities add up to 1.
bool read_model(const std::string& bytes) {
  try {
    const auto model = text::LanguageModel::parse_or_throw(bytes, "fuzz");
    const auto judgement = model.judge("aa Aaa a, 12 å 漢");
    float sum = 0;
    for (const float probability : judgement.probabilities) {
      if (!(probability >= 0 && probability <= 1)) throw std::logic_error("a probability beyond 0 and 1");
      sum += probability;
    }
    if (!(std::fabs(sum - 1) < 1e-3F)) throw std::logic_error("the probabilities do not add up to 1");
  } catch (const io::DataError&) {
    return false;
  }
  return true;
}

std::string with_right_checksum(std::string bytes) {
  if (bytes.size() < sizeof(std::uint64_t)) return bytes;
  const std::size_t end = bytes.size() - sizeof(std::uint64_t);
  const std::uint64_t checksum = XXH64(bytes.data(), end, 0);
  bytes.replace(end, sizeof checksum, reinterpret_cast<const char*>(&checksum), sizeof checksum);
  return bytes;
}

Target models() {
  return {"language_models",
          {small_model(), model_without_features()},
          {"GPTLANG\n", std::string(4, '\0'), std::string(4, '\xff'), std::string("\x01\0\0\0", 4),
           std::string("\x20\0\0\0", 4), std::string("\x21\0\0\0", 4), std::string("\0\0\xc0\x7f", 4)},
          [](const std::string& bytes) {
            const bool accepted = read_model(bytes);
            return read_model(with_right_checksum(bytes)) || accepted;
          }};
}

// Any text has a language or none, with a confidence between 0 and 1.
Target texts() {
  return {"language_texts",
          {"Vi gick ner till stranden i går kväll.", "Двері були зачинені.", "12 34 €", "漢字かな交じり文"},
          {"å", "\xc5\x99", "\xff", "\xed\xa0\x80", std::string(1, '\0'), "e\u0301", "\U0001F600",
           std::string(300, 'a'), "\n"},
          [identifier = std::make_shared<text::LanguageIdentifier>()](const std::string& bytes) {
            const auto found = identifier->identify(text::repair_utf8(bytes));
            if (found.code.empty() || !(found.confidence >= 0 && found.confidence <= 1)) {
              throw std::logic_error("no language, or a confidence beyond 0 and 1");
            }
            if (found.code != "und" && !identifier->can_name(found.code))
              throw std::logic_error("a language that no text can be identified as: " + found.code);
            return text::is_valid_utf8(bytes);
          }};
}

}  // namespace

std::vector<Target> language_targets() { return {models(), texts()}; }

}  // namespace gpt::fuzz
