#include "libcommon/text/language_model.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <stdexcept>

#include <xxhash.h>

#include "libcommon/io/byte_source.hpp"
#include "libcommon/io/errors.hpp"
#include "libcommon/io/share_folder.hpp"

namespace gpt::text {
namespace {

static_assert(std::endian::native == std::endian::little, "the file's numbers are read as they lie");

constexpr std::string_view kMagic = "GPTLANG\n";
constexpr std::uint32_t kVersion = 1;
constexpr std::size_t kCodeBytes = 8;
constexpr float kGreatestNumber = 1e6F;  // so that no score of a text leaves the range of float
constexpr std::size_t kMostFeatures = 65535;
constexpr const char* kSharedModel = "language/languages.model";

// A weight of 0 in a row.
constexpr std::uint8_t kNoWeight = 128;
// Sums of rows' bytes stay within 16 bits for so many features.
constexpr std::size_t kFeaturesOfShortSums = 256;

template <class Number>
void append_number(std::string& bytes, Number number) {
  bytes.append(reinterpret_cast<const char*>(&number), sizeof number);
}

template <class Number>
void append_numbers(std::string& bytes, const std::vector<Number>& numbers) {
  bytes.append(reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(Number));
}

std::uint64_t checksum(std::string_view bytes) { return XXH64(bytes.data(), bytes.size(), 0); }

// Takes numbers from the front of a model's bytes.
class ModelReader {
 public:
  ModelReader(std::string_view bytes, const std::string& name) : rest_(bytes), name_(name) {}

  [[noreturn]] void refuse(const std::string& reason) const {
    throw io::DataError(name_, reason + "; install the toolkit's share/language folder again");
  }

  std::string_view take_or_throw(std::size_t size) {
    if (rest_.size() < size) {
      refuse("language model ends early: " + std::to_string(size) + " bytes expected, " +
             std::to_string(rest_.size()) + " there");
    }
    const std::string_view front = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return front;
  }

  template <class Number>
  Number number_or_throw() {
    return numbers_or_throw<Number>(1).front();
  }

  template <class Number>
  std::vector<Number> numbers_or_throw(std::size_t count) {
    const std::string_view bytes = take_or_throw(count * sizeof(Number));
    std::vector<Number> numbers(count);
    if (count > 0) std::memcpy(numbers.data(), bytes.data(), bytes.size());
    return numbers;
  }

  std::size_t left() const { return rest_.size(); }

 private:
  std::string_view rest_;
  const std::string& name_;
};

void check_frame_or_throw(const ModelReader& reader, std::string_view bytes) {
  if (!bytes.starts_with(kMagic)) reader.refuse("no language model: it does not begin with GPTLANG");
  if (bytes.size() < kMagic.size() + 2 * sizeof(std::uint64_t)) reader.refuse("language model ends early");
  std::uint64_t written = 0;
  std::memcpy(&written, bytes.data() + bytes.size() - sizeof written, sizeof written);
  if (checksum(bytes.substr(0, bytes.size() - sizeof written)) != written) {
    reader.refuse("language model is damaged: its checksum differs");
  }
}

void check_numbers_or_throw(const LanguageWeights& weights, const ModelReader& reader) {
  const auto sane = [](float number) { return std::fabs(number) < kGreatestNumber; };
  if (!sane(weights.scale) || !std::all_of(weights.biases.begin(), weights.biases.end(), sane)) {
    reader.refuse("language model has weights that are no numbers");
  }
  const auto unordered = std::adjacent_find(weights.ids.begin(), weights.ids.end(), std::greater_equal<>());
  if (unordered != weights.ids.end()) reader.refuse("language model has features out of order");
}

LanguageWeights parse_weights_or_throw(std::string_view bytes, const std::string& name) {
  check_frame_or_throw(ModelReader({}, name), bytes);
  ModelReader reader(bytes.substr(0, bytes.size() - sizeof(std::uint64_t)), name);
  reader.take_or_throw(kMagic.size());
  const auto version = reader.number_or_throw<std::uint32_t>();
  if (version != kVersion) {
    reader.refuse("language model of version " + std::to_string(version) + ", this program reads version " +
                  std::to_string(kVersion));
  }
  const std::size_t classes = reader.number_or_throw<std::uint32_t>();
  const std::size_t features = reader.number_or_throw<std::uint32_t>();
  if (classes == 0 || classes > kMostLanguages || features > kMostFeatures) {
    reader.refuse("language model with " + std::to_string(classes) + " languages and " +
                  std::to_string(features) + " features, at most " + std::to_string(kMostLanguages) +
                  " and " + std::to_string(kMostFeatures) + " can be read");
  }
  LanguageWeights weights;
  weights.scale = reader.number_or_throw<float>();
  for (std::size_t i = 0; i < classes; ++i) {
    const std::string_view code = reader.take_or_throw(kCodeBytes);
    weights.codes.emplace_back(code.substr(0, code.find('\0')));
  }
  weights.biases = reader.numbers_or_throw<float>(classes);
  weights.ids = reader.numbers_or_throw<std::uint32_t>(features);
  weights.weights = reader.numbers_or_throw<std::int8_t>(features * classes);
  if (reader.left() != 0) reader.refuse("language model has bytes beyond its end");
  check_numbers_or_throw(weights, reader);
  return weights;
}

// Eight sums of bytes.
using Sums [[gnu::vector_size(16)]] = std::uint16_t;

// Adds up the rows of features at their places, at most kFeaturesOfShortSums: of each two neighbouring bytes
// the one in the sums of the even classes, the other in those of the odd ones.
void add_rows(std::span<const std::uint32_t> places, const LanguageModel::Row* rows,
              std::array<std::int64_t, kMostLanguages>& sums) {
  std::array<Sums, 2> front = {};
  std::array<Sums, 2> back = {};
  for (const std::uint32_t place : places) {
    std::array<Sums, 2> row;
    static_assert(sizeof row == sizeof rows[place]);
    std::memcpy(&row, &rows[place], sizeof row);
    front[0] += row[0] & 0xFF;
    front[1] += row[0] >> 8;
    back[0] += row[1] & 0xFF;
    back[1] += row[1] >> 8;
  }
  const auto none = static_cast<std::int64_t>(places.size() * kNoWeight);
  for (std::size_t i = 0; i < kMostLanguages / 2; ++i) {
    sums[i] += front[i % 2][i / 2] - none;
    sums[kMostLanguages / 2 + i] += back[i % 2][i / 2] - none;
  }
}

// Of a part: another language than the whole text's.
constexpr float kSurelyAnother = 0.9F;

// The front of a text, about part_bytes of it: up to a line's end or a full stop where one is near, since what
// is in another language mostly begins there, else up to a space. All of it where less than half a part would be
// left.
std::string_view front_part(std::string_view text, std::size_t part_bytes) {
  const std::size_t least = part_bytes / 2;
  if (text.size() < part_bytes + least) return text;
  const std::string_view near = text.substr(0, part_bytes + least);
  std::size_t cut = near.find('\n', least);
  if (cut == std::string_view::npos) {
    const std::size_t stop = near.find(". ", least);
    cut = stop == std::string_view::npos ? text.find_first_of(" \n", part_bytes) : stop + 1;
  }
  return cut == std::string_view::npos || text.size() - cut < least ? text : text.substr(0, cut + 1);
}

void turn_into_probabilities(std::span<float> scores) {
  const float greatest = *std::max_element(scores.begin(), scores.end());
  float sum = 0;
  for (float& score : scores) sum += score = std::exp(score - greatest);
  for (float& score : scores) score /= sum;
}

}  // namespace

std::string language_model_bytes(const LanguageWeights& weights) {
  std::string bytes(kMagic);
  append_number(bytes, kVersion);
  append_number(bytes, static_cast<std::uint32_t>(weights.codes.size()));
  append_number(bytes, static_cast<std::uint32_t>(weights.ids.size()));
  append_number(bytes, weights.scale);
  for (const std::string& code : weights.codes) {
    bytes += code;
    bytes.append(kCodeBytes - std::min(kCodeBytes, code.size()), '\0');
  }
  append_numbers(bytes, weights.biases);
  append_numbers(bytes, weights.ids);
  append_numbers(bytes, weights.weights);
  append_number(bytes, checksum(bytes));
  return bytes;
}

LanguageModel LanguageModel::parse_or_throw(std::string_view bytes, const std::string& name) {
  return LanguageModel(parse_weights_or_throw(bytes, name));
}

LanguageModel::LanguageModel(const LanguageWeights& weights)
    : codes_(weights.codes),
      biases_(weights.biases),
      scale_(weights.scale),
      features_(weights.ids),
      rows_(features_.size()) {
  for (std::size_t i = 0; i < weights.ids.size(); ++i) {
    Row& row = rows_[features_.place_of(weights.ids[i])];
    for (std::size_t c = 0; c < codes_.size(); ++c) {
      row[c] = static_cast<std::uint8_t>(weights.weights[i * codes_.size() + c] + kNoWeight);
    }
  }
}

// Takes up features and adds up the rows of those that the model has, many at a time: so that no look-up
// waits for the one before.
class LanguageModel::RowSums {
 public:
  explicit RowSums(const LanguageModel& model) : model_(model) {}

  void add(std::uint32_t id) {
    ids_[waiting_++] = id;
    if (waiting_ == kFeaturesOfShortSums) flush();
  }

  const std::array<std::int64_t, kMostLanguages>& flush() {
    std::size_t known = 0;
    for (std::size_t i = 0; i < waiting_; ++i) {
      const std::uint32_t place = model_.features_.place_of(ids_[i]);
      places_[known] = place;
      known += model_.features_.holds(place, ids_[i]) ? 1 : 0;
    }
    add_rows(std::span(places_).first(known), model_.rows_.data(), sums_);
    rows_ += known;
    waiting_ = 0;
    return sums_;
  }

  std::size_t rows() const { return rows_; }

 private:
  const LanguageModel& model_;
  std::array<std::uint32_t, kFeaturesOfShortSums> ids_;
  std::array<std::uint32_t, kFeaturesOfShortSums> places_;
  std::size_t waiting_ = 0;
  std::array<std::int64_t, kMostLanguages> sums_ = {};
  std::size_t rows_ = 0;
};

LanguageJudgement LanguageModel::judgement_of(const Totals& totals, std::size_t rows,
                                              const LetterCounts& letters) const {
  LanguageJudgement judgement;
  judgement.letters = letters;
  judgement.features = rows;
  const float worth = scale_ / std::sqrt(static_cast<float>(std::max<std::size_t>(1, rows)));
  for (std::size_t i = 0; i < codes_.size(); ++i) {
    judgement.probabilities[i] = biases_[i] + worth * static_cast<float>(totals[i]);
  }
  turn_into_probabilities(std::span(judgement.probabilities).first(codes_.size()));
  judgement.best = best_of(judgement);
  return judgement;
}

std::size_t LanguageModel::best_of(const LanguageJudgement& judgement) const {
  const auto classes = std::span(judgement.probabilities).first(codes_.size());
  return static_cast<std::size_t>(std::max_element(classes.begin(), classes.end()) - classes.begin());
}

LanguageJudgement LanguageModel::judge(std::string_view text) const {
  RowSums sums(*this);
  const LetterCounts letters = for_each_language_feature(text, [&](std::uint32_t id) { sums.add(id); });
  const Totals& totals = sums.flush();
  return judgement_of(totals, sums.rows(), letters);
}

LanguageJudgement LanguageModel::judge_by_parts(std::string_view text, std::size_t part_bytes) const {
  if (text.size() < 2 * part_bytes) return judge(text);
  Totals totals = {};
  std::size_t rows = 0;
  LetterCounts letters;
  std::vector<LanguageJudgement> parts;
  while (!text.empty()) {
    const std::string_view part = front_part(text, part_bytes);
    text.remove_prefix(part.size());
    RowSums sums(*this);
    const LetterCounts found = for_each_language_feature(part, [&](std::uint32_t id) { sums.add(id); });
    const Totals& some = sums.flush();
    parts.push_back(judgement_of(some, sums.rows(), found));
    for (std::size_t i = 0; i < codes_.size(); ++i) totals[i] += some[i];
    rows += sums.rows();
    letters.latin += found.latin;
    letters.other += found.other;
  }
  LanguageJudgement whole = judgement_of(totals, rows, letters);
  const bool agreed = std::none_of(parts.begin(), parts.end(), [&](const LanguageJudgement& part) {
    return part.best != whole.best && part.probabilities[part.best] >= kSurelyAnother;
  });
  if (agreed) return whole;
  whole.probabilities = {};
  for (const LanguageJudgement& part : parts) {
    const float share =
        static_cast<float>(part.letters.latin) / static_cast<float>(std::max<std::size_t>(1, letters.latin));
    for (std::size_t i = 0; i < codes_.size(); ++i) whole.probabilities[i] += share * part.probabilities[i];
  }
  whole.best = best_of(whole);
  return whole;
}

bool shared_language_model_is_installed() { return io::find_shared_file(kSharedModel).has_value(); }

const LanguageModel& shared_language_model_or_throw() {
  static const LanguageModel model = [] {
    const auto path = io::find_shared_file(kSharedModel);
    if (!path) {
      throw std::runtime_error("languages cannot be told apart: share/gpt-toolkit/" +
                               std::string(kSharedModel) +
                               " is not installed; name the toolkit's share folder with GPT_SHARE");
    }
    return LanguageModel::parse_or_throw(io::read_file_or_throw(*path), *path);
  }();
  return model;
}

}  // namespace gpt::text
