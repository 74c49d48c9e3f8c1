#include "apps/gpt-clean/statistics_json.hpp"

#include <array>
#include <bit>
#include <charconv>
#include <string_view>

#include <simdjson.h>

#include "libcommon/io/errors.hpp"
#include "libcommon/io/json_text.hpp"

namespace gpt::clean {
namespace {

// The distributions of statistics by the names they have in JSON.
struct NamedDistribution {
  const char* name;
  Distribution Statistics::*member;
};
constexpr std::array kDistributions = {
    NamedDistribution{"characters_per_document", &Statistics::characters_per_document},
    NamedDistribution{"words_per_document", &Statistics::words_per_document},
    NamedDistribution{"sentences_per_document", &Statistics::sentences_per_document},
    NamedDistribution{"characters_per_sentence", &Statistics::characters_per_sentence},
    NamedDistribution{"words_per_sentence", &Statistics::words_per_sentence},
    NamedDistribution{"tokens_per_document", &Statistics::tokens_per_document},
    NamedDistribution{"tokens_per_sentence", &Statistics::tokens_per_sentence},
};

std::string field(const std::string& name, std::uint64_t value) {
  return io::json_string(name) + ":" + std::to_string(value);
}

std::string json_of(const Distribution& distribution) {
  std::string json = "{" + field("count", distribution.count()) + "," + field("sum", distribution.sum()) +
                     "," + field("least", distribution.least()) + "," +
                     field("greatest", distribution.greatest()) + ",\"histogram\":{";
  std::string separator;
  for (std::size_t i = 0; i < Distribution::kBuckets; ++i) {
    if (distribution.buckets()[i] == 0) continue;
    json += separator + field(std::to_string(Distribution::lower_end(i)), distribution.buckets()[i]);
    separator = ",";
  }
  return json + "}}";
}

std::string json_of(const Shares& shares) {
  std::string json = "{";
  for (const auto& [name, share] : shares) {
    if (json.size() > 1) json += ",";
    json += io::json_string(name) + ":{" + field("documents", share.documents) + "," +
            field("characters", share.characters) + "," + field("words", share.words) + "}";
  }
  return json + "}";
}

// Sizes are told by buckets, whose lower end is the key.
Distribution distribution_of(simdjson::dom::element json) {
  Distribution::Buckets buckets{};
  for (const auto& [key, value] : simdjson::dom::object(json["histogram"])) {
    std::uint64_t lower = 0;
    const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), lower);
    const auto bucket = static_cast<std::size_t>(std::bit_width(lower));
    if (error != std::errc() || end != key.data() + key.size() || Distribution::lower_end(bucket) != lower) {
      throw simdjson::simdjson_error(simdjson::NUMBER_ERROR);
    }
    buckets[bucket] += std::uint64_t(value);
  }
  return {buckets, std::uint64_t(json["sum"]), std::uint64_t(json["least"]), std::uint64_t(json["greatest"])};
}

Shares shares_of(simdjson::dom::element json) {
  Shares shares;
  for (const auto& [name, value] : simdjson::dom::object(json)) {
    shares[std::string(name)].absorb({std::uint64_t(value["documents"]), std::uint64_t(value["characters"]),
                                      std::uint64_t(value["words"])});
  }
  return shares;
}

}  // namespace

std::string json_of(const Statistics& statistics) {
  std::string json = "{" + field("documents", statistics.documents()) + "," +
                     field("bytes", statistics.bytes) + "," +
                     field("characters", statistics.characters_per_document.sum()) + "," +
                     field("words", statistics.words_per_document.sum()) + "," +
                     field("sentences", statistics.sentences_per_document.sum()) + "," +
                     field("tokens", statistics.tokens_per_document.sum());
  for (const auto& [name, member] : kDistributions) {
    json += "," + io::json_string(name) + ":" + json_of(statistics.*member);
  }
  return json + ",\"languages\":" + json_of(statistics.languages) +
         ",\"sources\":" + json_of(statistics.sources) + "}";
}

Statistics parse_statistics_or_throw(const std::string& json, const std::string& name) {
  try {
    simdjson::dom::parser parser;
    const simdjson::dom::element root = parser.parse(json);
    Statistics statistics;
    statistics.bytes = std::uint64_t(root["bytes"]);
    for (const auto& [key, member] : kDistributions) statistics.*member = distribution_of(root[key]);
    statistics.languages = shares_of(root["languages"]);
    statistics.sources = shares_of(root["sources"]);
    return statistics;
  } catch (const simdjson::simdjson_error& error) {
    throw io::DataError(name, 1, std::string("these are no statistics of gpt-clean stats: ") + error.what());
  }
}

}  // namespace gpt::clean
