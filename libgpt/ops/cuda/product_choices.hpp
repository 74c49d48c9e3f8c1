#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>

namespace gpt::ops {

// What makes two matrix products alike for the library: the same algorithm is best for both, and runs on
// both.
struct ProductKind {
  std::string elements, result;  // "f32", "tf32" (elements only), "bf16", "f16"
  std::int64_t m = 0, n = 0, k = 0;
  bool transpose_a = false, transpose_b = false;
  std::int64_t stride_a = 0, stride_b = 0, stride_c = 0;
  bool adds = false;  // to what C holds
  bool bias = false;
  int alignment = 16;  // of all addresses, in bytes, at most 16

  bool operator==(const ProductKind&) const = default;
  // "bf16 -> f32 1024x768x3072 A' B strides 1024 768 768 add aligned 16"
  std::string text() const;
};

// An algorithm as cuBLASLt lets one keep it, for its own version only.
using ProductAlgorithm = std::array<std::uint64_t, 8>;
std::string algorithm_text(const ProductAlgorithm& algorithm);
std::optional<ProductAlgorithm> parse_algorithm(const std::string& text);

// Which algorithm each kind of product is computed with, on one kind of device with one version of the
// library.
class ProductChoices {
 public:
  ProductChoices() = default;
  ProductChoices(std::string device, std::string cublas)
      : device_(std::move(device)), cublas_(std::move(cublas)) {}

  const std::string& device() const { return device_; }
  const std::string& cublas() const { return cublas_; }
  bool of_same_library(const ProductChoices& other) const {
    return device_ == other.device_ && cublas_ == other.cublas_;
  }

  std::optional<ProductAlgorithm> find(const std::string& kind) const;
  void put(const std::string& kind, const ProductAlgorithm& algorithm) { chosen_[kind] = algorithm; }
  // Takes over what it does not have yet.
  void add(const ProductChoices& other) { chosen_.insert(other.chosen_.begin(), other.chosen_.end()); }
  // Takes over everything, instead of what it has where both choose.
  void adopt(const ProductChoices& other);
  std::size_t size() const { return chosen_.size(); }

  std::string to_json() const;
  // Nothing where it is no such record, or a damaged one.
  static std::optional<ProductChoices> parse(const std::string& json);

 private:
  std::string device_, cublas_;
  std::map<std::string, ProductAlgorithm> chosen_;
};

// Choices kept between runs, in one file for each device and version of the library. A file that is missing
// or damaged holds none, and a folder that cannot be written keeps none: time is all that is lost.
class ProductCache {
 public:
  explicit ProductCache(std::string folder) : folder_(std::move(folder)) {}
  // $XDG_CACHE_HOME/gpt-toolkit or ~/.cache/gpt-toolkit; empty, and then nothing is kept, where neither is
  // known.
  static std::string default_folder();

  // What is kept for the device and library of these choices.
  ProductChoices load(const ProductChoices& like) const;
  // Adds them to what is kept; whoever writes at the same time may win, and both files are whole.
  void keep(const ProductChoices& choices) const;
  std::string path(const ProductChoices& like) const;

 private:
  std::string folder_;
};

}  // namespace gpt::ops
