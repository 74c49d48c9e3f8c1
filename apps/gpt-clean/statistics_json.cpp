#include "apps/gpt-clean/statistics_json.hpp"

#include <array>
#include <bit>
#include <charconv>
#include <string_view>
#include <utility>

#include <simdjson.h>

#include "libcommon/io/errors.hpp"
#include "libcommon/io/json_text.hpp"

namespace gpt::clean {
namespace {

// Distributions by the names they have in JSON.
struct NamedDistribution {
  const char* name;
  Distribution Figures::*member;
};
constexpr std::array kDistributions = {
    NamedDistribution{"characters_per_document", &Figures::characters_per_document},
    NamedDistribution{"words_per_document", &Figures::words_per_document},
    NamedDistribution{"sentences_per_document", &Figures::sentences_per_document},
    NamedDistribution{"characters_per_sentence", &Figures::characters_per_sentence},
    NamedDistribution{"words_per_sentence", &Figures::words_per_sentence},
    NamedDistribution{"tokens_per_document", &Figures::tokens_per_document},
    NamedDistribution{"tokens_per_sentence", &Figures::tokens_per_sentence},
};

std::string field(const std::string& name, std::uint64_t value) {
  return io::json_string(name) + ":" + std::to_string(value);
}

std::string json_of(const Distribution& distribution) {
  std::string json = "{" + field("count", distribution.count()) + "," + field("sum", distribution.sum()) +
                     "," + field("least", distribution.least()) + "," +
                     field("greatest", distribution.greatest()) + ",\"histogram\":{";
  std::string separator;
  for (std::size_t i = 0; i < distribution.buckets().size(); ++i) {
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

// The inside of a JSON object.
std::string fields_of(const Figures& figures) {
  std::string json = field("documents", figures.documents()) + "," + field("bytes", figures.bytes) + "," +
                     field("characters", figures.characters()) + "," +
                     field("words", figures.words_per_document.sum()) + "," +
                     field("sentences", figures.sentences_per_document.sum()) + "," +
                     field("tokens", figures.tokens_per_document.sum());
  for (const auto& [name, member] : kDistributions) {
    json += "," + io::json_string(name) + ":" + json_of(figures.*member);
  }
  return json + ",\"languages\":" + json_of(figures.languages);
}

std::string json_of(const Sources& sources) {
  std::string json = "{";
  for (const auto& [name, figures] : sources.named()) {
    if (json.size() > 1) json += ",";
    json += io::json_string(name) + ":{" + fields_of(figures) + "}";
  }
  return json + "}";
}

// Sizes are told by buckets, whose lower end is the key.
Distribution distribution_of(simdjson::dom::element json) {
  Distribution::Buckets buckets;
  for (const auto& [key, value] : simdjson::dom::object(json["histogram"])) {
    std::uint64_t lower = 0;
    const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), lower);
    const auto bucket = static_cast<std::size_t>(std::bit_width(lower));
    if (error != std::errc() || end != key.data() + key.size() || Distribution::lower_end(bucket) != lower) {
      throw simdjson::simdjson_error(simdjson::NUMBER_ERROR);
    }
    if (bucket >= buckets.size()) buckets.resize(bucket + 1);
    buckets[bucket] += std::uint64_t(value);
  }
  return {std::move(buckets), std::uint64_t(json["sum"]), std::uint64_t(json["least"]),
          std::uint64_t(json["greatest"])};
}

Shares shares_of(simdjson::dom::element json) {
  Shares shares;
  for (const auto& [name, value] : simdjson::dom::object(json)) {
    shares[std::string(name)].absorb({std::uint64_t(value["documents"]), std::uint64_t(value["characters"]),
                                      std::uint64_t(value["words"])});
  }
  return shares;
}

// Reports of gpt-clean stats have one, those of other runs what they had before and after.
simdjson::dom::element statistics_of_report(simdjson::dom::element report, const std::string& field) {
  simdjson::dom::element one;
  if (report["statistics"].get(one) == simdjson::SUCCESS) return one;
  return report[field];
}

Figures figures_of(simdjson::dom::element json) {
  Figures figures;
  figures.bytes = std::uint64_t(json["bytes"]);
  for (const auto& [key, member] : kDistributions) figures.*member = distribution_of(json[key]);
  figures.languages = shares_of(json["languages"]);
  return figures;
}

}  // namespace

std::string json_of(const Statistics& statistics) {
  std::string json = "{" + fields_of(statistics) + ",\"sources\":" + json_of(statistics.sources);
  if (statistics.sources.others().documents() > 0)
    json += ",\"other_sources\":{" + fields_of(statistics.sources.others()) + "}";
  return json + "}";
}

Statistics parse_statistics_or_throw(const std::string& json, const std::string& name,
                                     const std::string& field_of_report) {
  try {
    simdjson::dom::parser parser;
    simdjson::dom::element root = parser.parse(json);
    if (root["tool"].error() == simdjson::SUCCESS) root = statistics_of_report(root, field_of_report);
    Statistics statistics;
    static_cast<Figures&>(statistics) = figures_of(root);
    for (const auto& [source, figures] : simdjson::dom::object(root["sources"])) {
      statistics.sources.of(std::string(source)).absorb(figures_of(figures));
    }
    simdjson::dom::element others;
    if (root["other_sources"].get(others) == simdjson::SUCCESS)
      statistics.sources.set_others(figures_of(others));
    return statistics;
  } catch (const simdjson::simdjson_error& error) {
    throw io::DataError(name, 1, std::string("these are no statistics of gpt-clean stats: ") + error.what());
  }
}

}  // namespace gpt::clean
