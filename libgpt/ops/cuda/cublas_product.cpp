#include "libgpt/ops/cuda/cublas_product.hpp"

#include <chrono>
#include <cstring>
#include <functional>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <unordered_map>

#include <cuda_runtime_api.h>

#include "libgpt/ops/cuda/product.hpp"
#include "libgpt/ops/cuda/product_description.hpp"
#include "libgpt/ops/cuda/product_timing.hpp"
#include "libgpt/tensor/cuda/cuda_error.hpp"
#include "libgpt/tensor/cuda/stream.hpp"
#include "libgpt/tensor/device.hpp"
#include "libgpt/tensor/last_launch.hpp"

namespace gpt::ops::cuda {
namespace {

using tensor::check_cuda;

constexpr std::size_t kProposals = 16;
// New choices of the first steps are written to the cache together.
constexpr auto kUnsavedFor = std::chrono::seconds(5);

cudaStream_t stream() { return static_cast<cudaStream_t>(tensor::compute_stream().handle); }

const char* name_of(ElementKind kind) {
  return kind == ElementKind::bf16 ? "bf16" : kind == ElementKind::f16 ? "f16" : "f32";
}

int common_alignment(const ProductCall& call) {
  std::uintptr_t bits = 0;
  for (const void* address : {call.a, call.b, static_cast<const void*>(call.c), call.bias}) {
    bits |= reinterpret_cast<std::uintptr_t>(address);
  }
  int alignment = 16;
  while (bits % static_cast<std::uintptr_t>(alignment) != 0) alignment /= 2;
  return alignment;
}

cublasLtMatmulAlgo_t unpacked(const ProductAlgorithm& words) {
  cublasLtMatmulAlgo_t algorithm{};
  static_assert(sizeof algorithm == sizeof words);
  std::memcpy(&algorithm, words.data(), sizeof algorithm);
  return algorithm;
}

ProductAlgorithm packed(const cublasLtMatmulAlgo_t& algorithm) {
  ProductAlgorithm words{};
  std::memcpy(words.data(), &algorithm, sizeof algorithm);
  return words;
}

bool is_recorded_into_a_graph() {
  cudaStreamCaptureStatus status = cudaStreamCaptureStatusNone;
  check_cuda(cudaStreamIsCapturing(stream(), &status), "ask whether a graph is made");
  return status != cudaStreamCaptureStatusNone;
}

struct KindHash {
  std::size_t operator()(const ProductKind& kind) const {
    std::size_t hash = std::hash<std::string>{}(kind.elements + kind.result);
    const auto mix = [&](std::int64_t value) {
      hash = (hash ^ static_cast<std::size_t>(value)) * 0x9E3779B97F4A7C15u;
      hash ^= hash >> 29;
    };
    for (const std::int64_t value : {kind.m, kind.n, kind.k, kind.stride_a, kind.stride_b, kind.stride_c})
      mix(value);
    mix(kind.transpose_a * 8 + kind.transpose_b * 4 + kind.adds * 2 + kind.bias);
    mix(kind.alignment);
    return hash;
  }
};

// The choices of this process, and how each kind of product is run by them.
class Products {
 public:
  // What it holds of CUDA lives until the process ends: when static objects go, CUDA may be gone before.
  static Products& of_process() {
    static const std::unique_ptr<Products, void (*)(Products*)> products(
        new Products, [](Products* ending) { ending->save(); });
    return *products;
  }

  void run(const ProductCall& call) {
    const std::lock_guard lock(mutex_);
    const ProductKind kind = kind_of(call, tf32_);
    auto plan = plans_.find(kind);
    if (plan == plans_.end()) plan = plans_.emplace(kind, make_plan(call, kind)).first;
    if (unsaved_ && std::chrono::steady_clock::now() - unsaved_since_ > kUnsavedFor) save();
    const Plan& how = *plan->second;
    check_cublas(how.description.run(handle(), call, call.c, how.algorithm, workspace(how.workspace),
                                     how.workspace, stream()),
                 ("compute the product " + kind.text()).c_str());
  }

  void set_tf32(bool tf32) { tf32_ = tf32; }
  void set_search(ProductSearch search) { search_ = search; }
  void set_cache(const std::string& folder) {
    save();
    cache_ = ProductCache(folder);
    cached_.reset();
  }

  std::string record() {
    const std::lock_guard lock(mutex_);
    return choices().to_json();
  }
  bool adopt(const std::string& record) {
    const std::lock_guard lock(mutex_);
    const auto adopted = ProductChoices::parse(record);
    if (!adopted || !adopted->of_same_library(choices())) return false;
    choices().adopt(*adopted);
    plans_.clear();
    return true;
  }

 private:
  struct Plan {
    Plan(const ProductCall& call, bool tf32) : description(call, tf32) {}
    ProductDescription description;
    cublasLtMatmulAlgo_t algorithm{};
    std::size_t workspace = 0;
  };

  cublasLtHandle_t handle() {
    if (handle_ == nullptr) check_cublas(cublasLtCreate(&handle_), "start");
    return handle_;
  }

  static std::byte* workspace(std::size_t bytes) {
    return bytes == 0 ? nullptr : tensor::device().workspace(bytes);
  }

  ProductChoices& choices() {
    if (!choices_) choices_.emplace(tensor::device().name(), std::to_string(cublasLtGetVersion()));
    return *choices_;
  }

  std::unique_ptr<Plan> make_plan(const ProductCall& call, const ProductKind& kind) {
    auto plan = std::make_unique<Plan>(call, tf32_);
    const std::string text = kind.text();
    if (use(*plan, choices().find(text))) return plan;
    if (search_ == ProductSearch::timed) {
      if (!cached_) cached_ = cache_.load(choices());
      const auto kept = cached_->find(text);
      if (use(*plan, kept)) {
        choices().put(text, *kept);
        return plan;
      }
    }
    const auto proposals =
        plan->description.proposals(handle(), kind.alignment, kProductWorkspace, kProposals);
    // Nothing can be waited for while a graph is recorded: such a product is not chosen for good.
    const bool recording = is_recorded_into_a_graph();
    const bool timed =
        search_ == ProductSearch::timed && proposals.size() > 1 && !recording && worth_timing(kind);
    plan->algorithm =
        timed ? fastest_algorithm(handle(), plan->description, call, proposals) : proposals.front();
    plan->workspace = plan->description.workspace_of(handle(), plan->algorithm).value_or(kProductWorkspace);
    if (!recording) choices().put(text, packed(plan->algorithm));
    if (timed) keep(text, plan->algorithm);
    return plan;
  }

  // Whether an algorithm that was chosen before is there and still fits.
  bool use(Plan& plan, const std::optional<ProductAlgorithm>& chosen) {
    if (!chosen) return false;
    plan.algorithm = unpacked(*chosen);
    const auto bytes = plan.description.workspace_of(handle(), plan.algorithm);
    if (!bytes || *bytes > kProductWorkspace) return false;
    plan.workspace = *bytes;
    return true;
  }

  void keep(const std::string& text, const cublasLtMatmulAlgo_t& algorithm) {
    if (!unsaved_) {
      unsaved_.emplace(choices().device(), choices().cublas());
      unsaved_since_ = std::chrono::steady_clock::now();
    }
    unsaved_->put(text, packed(algorithm));
  }

  void save() {
    if (unsaved_) cache_.keep(*unsaved_);
    unsaved_.reset();
  }

  std::mutex mutex_;  // of all but the settings: ranks of tests are threads
  cublasLtHandle_t handle_ = nullptr;
  bool tf32_ = false;
  ProductSearch search_ = ProductSearch::timed;
  ProductCache cache_{ProductCache::default_folder()};
  std::optional<ProductChoices> cached_;
  std::optional<ProductChoices> choices_;
  std::optional<ProductChoices> unsaved_;  // not in the cache yet
  std::chrono::steady_clock::time_point unsaved_since_;
  std::unordered_map<ProductKind, std::unique_ptr<Plan>, KindHash> plans_;
};

}  // namespace

ProductKind kind_of(const ProductCall& call, bool tf32) {
  ProductKind kind;
  kind.elements = tf32 && call.elements == ElementKind::f32 ? "tf32" : name_of(call.elements);
  kind.result = name_of(call.result);
  kind.m = call.m;
  kind.n = call.n;
  kind.k = call.k;
  kind.transpose_a = call.transpose_a;
  kind.transpose_b = call.transpose_b;
  kind.stride_a = call.stride_a;
  kind.stride_b = call.stride_b;
  kind.stride_c = call.stride_c;
  kind.adds = call.adds;
  kind.bias = call.bias != nullptr;
  kind.alignment = common_alignment(call);
  return kind;
}

void run_product(const ProductCall& call) { Products::of_process().run(call); }

}  // namespace gpt::ops::cuda

namespace gpt::ops {
namespace {

template <class T>
constexpr cuda::ElementKind kElementKind = std::is_same_v<T, tensor::DeviceBf16>  ? cuda::ElementKind::bf16
                                           : std::is_same_v<T, tensor::DeviceF16> ? cuda::ElementKind::f16
                                                                                  : cuda::ElementKind::f32;

}  // namespace

template <class T, class C>
void device_product(std::int64_t m, std::int64_t n, std::int64_t k, Matrix<const T> a, Matrix<const T> b,
                    Matrix<C> c, Product mode, const C* bias) {
  if (m == 0 || n == 0) return;
  if (k <= 0) throw std::invalid_argument("a product of matrices without an inner dimension");
  if (c.transpose == Transpose::yes) throw std::invalid_argument("a product is not written transposed");
  cuda::run_product({kElementKind<T>, kElementKind<C>, m, n, k, a.data, b.data, c.data, a.stride, b.stride,
                     c.stride, a.transpose == Transpose::yes, b.transpose == Transpose::yes,
                     mode == Product::add, bias});
}

#define GPT_PRODUCT(T, C)                                                                       \
  template void device_product<T, C>(std::int64_t, std::int64_t, std::int64_t, Matrix<const T>, \
                                     Matrix<const T>, Matrix<C>, Product, const C*);
GPT_PRODUCT(tensor::DeviceF32, tensor::DeviceF32)
GPT_PRODUCT(tensor::DeviceBf16, tensor::DeviceBf16)
GPT_PRODUCT(tensor::DeviceF16, tensor::DeviceF16)
GPT_PRODUCT(tensor::DeviceBf16, tensor::DeviceF32)
GPT_PRODUCT(tensor::DeviceF16, tensor::DeviceF32)
#undef GPT_PRODUCT

void set_float_products(FloatProducts products) {
  cuda::Products::of_process().set_tf32(products == FloatProducts::tf32);
}
void set_product_search(ProductSearch search) { cuda::Products::of_process().set_search(search); }
std::string record_of_product_choices() { return cuda::Products::of_process().record(); }
bool adopt_product_choices(const std::string& record) { return cuda::Products::of_process().adopt(record); }
void set_product_cache_folder(const std::string& folder) { cuda::Products::of_process().set_cache(folder); }

}  // namespace gpt::ops
