#include "libgpt/ops/cuda/product_choices.hpp"

#include <charconv>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <simdjson.h>

#include "libcommon/io/json_text.hpp"
#include "libcommon/io/output_file.hpp"
#include "libgpt/ops/cuda/product.hpp"

namespace gpt::ops {
namespace {

constexpr std::size_t kDigits = 16;  // of a word, in hexadecimal

std::string file_safe(const std::string& name) {
  std::string safe;
  for (const char c : name) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    safe += plain ? c : '-';
  }
  return safe;
}

std::string read_whole(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::string environment(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace

std::string ProductKind::text() const {
  std::string text = elements + " -> " + result + " " + std::to_string(m) + "x" + std::to_string(n) + "x" +
                     std::to_string(k) + (transpose_a ? " A'" : " A") + (transpose_b ? " B'" : " B");
  text += " strides " + std::to_string(stride_a) + " " + std::to_string(stride_b) + " " +
          std::to_string(stride_c);
  if (adds) text += " add";
  if (bias) text += " bias";
  return text + " aligned " + std::to_string(alignment);
}

std::string algorithm_text(const ProductAlgorithm& algorithm) {
  std::string text;
  for (const std::uint64_t word : algorithm) {
    for (std::size_t digit = kDigits; digit-- > 0;) text += "0123456789abcdef"[(word >> (4 * digit)) & 15u];
  }
  return text;
}

std::optional<ProductAlgorithm> parse_algorithm(const std::string& text) {
  ProductAlgorithm algorithm{};
  if (text.size() != kDigits * algorithm.size()) return std::nullopt;
  const char* next = text.data();
  for (std::uint64_t& word : algorithm) {
    const auto [end, error] = std::from_chars(next, next + kDigits, word, 16);
    if (error != std::errc{} || end != next + kDigits) return std::nullopt;
    next = end;
  }
  return algorithm;
}

std::optional<ProductAlgorithm> ProductChoices::find(const std::string& kind) const {
  const auto found = chosen_.find(kind);
  return found == chosen_.end() ? std::nullopt : std::optional(found->second);
}

void ProductChoices::adopt(const ProductChoices& other) {
  for (const auto& [kind, algorithm] : other.chosen_) chosen_[kind] = algorithm;
}

std::string ProductChoices::to_json() const {
  std::string json = "{\"cublas\": " + io::json_string(cublas_) +
                     ", \"device\": " + io::json_string(device_) + ", \"choices\": {";
  const char* comma = "\n  ";
  for (const auto& [kind, algorithm] : chosen_) {
    json += comma + io::json_string(kind) + ": " + io::json_string(algorithm_text(algorithm));
    comma = ",\n  ";
  }
  return json + "}}";
}

std::optional<ProductChoices> ProductChoices::parse(const std::string& json) {
  simdjson::dom::parser parser;
  const simdjson::padded_string padded(json);
  simdjson::dom::element root;
  std::string_view cublas, device;
  simdjson::dom::object chosen;
  if (parser.parse(padded).get(root) != simdjson::SUCCESS ||
      root["cublas"].get(cublas) != simdjson::SUCCESS || root["device"].get(device) != simdjson::SUCCESS ||
      root["choices"].get(chosen) != simdjson::SUCCESS) {
    return std::nullopt;
  }
  ProductChoices choices{std::string(device), std::string(cublas)};
  for (const auto [kind, value] : chosen) {
    std::string_view text;
    if (value.get(text) != simdjson::SUCCESS) return std::nullopt;
    const auto algorithm = parse_algorithm(std::string(text));
    if (!algorithm) return std::nullopt;
    choices.put(std::string(kind), *algorithm);
  }
  return choices;
}

std::string merged_product_choices(std::span<const std::string> records) {
  std::optional<ProductChoices> merged;
  for (const std::string& record : records) {
    const auto choices = ProductChoices::parse(record);
    if (!choices) continue;
    if (!merged) merged.emplace(choices->device(), choices->cublas());
    if (merged->of_same_library(*choices)) merged->add(*choices);
  }
  return merged ? merged->to_json() : "";
}

std::string ProductCache::default_folder() {
  const std::string cache = environment("XDG_CACHE_HOME");
  if (!cache.empty()) return cache + "/gpt-toolkit";
  const std::string home = environment("HOME");
  return home.empty() ? "" : home + "/.cache/gpt-toolkit";
}

std::string ProductCache::path(const ProductChoices& like) const {
  return folder_ + "/products-" + file_safe(like.device()) + "-cublas-" + file_safe(like.cublas()) + ".json";
}

ProductChoices ProductCache::load(const ProductChoices& like) const {
  const ProductChoices none(like.device(), like.cublas());
  if (folder_.empty()) return none;
  const auto kept = ProductChoices::parse(read_whole(path(like)));
  return kept && kept->of_same_library(like) ? *kept : none;
}

void ProductCache::keep(const ProductChoices& choices) const {
  if (folder_.empty()) return;
  ProductChoices kept = load(choices);
  kept.adopt(choices);
  try {
    std::filesystem::create_directories(folder_);
    io::write_file_or_throw(path(choices), kept.to_json() + "\n", io::Existing::replace);
  } catch (const std::exception&) {
    // a full disk or a folder of someone else: the next run times anew
  }
}

}  // namespace gpt::ops
