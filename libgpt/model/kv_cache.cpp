#include "libgpt/model/kv_cache.hpp"

#include <string>

#include "libgpt/model/model_config.hpp"
#include "libgpt/tensor/instantiate.hpp"

namespace gpt::model {
namespace {

std::int64_t checked_capacity(const cost::ModelShape& shape, std::int64_t capacity) {
  if (capacity <= shape.positions) return capacity;
  throw ConfigError("a sequence of " + std::to_string(capacity) + " tokens does not fit the model's " +
                    std::to_string(shape.positions) + " positions");
}

}  // namespace

template <class T>
KvCache<T>::KvCache(const cost::ModelShape& shape, std::int64_t slots, std::int64_t capacity)
    : KvCache(shape, whole_model(shape), slots, capacity) {}

template <class T>
KvCache<T>::KvCache(const cost::ModelShape& shape, const ModelPart& part, std::int64_t slots,
                    std::int64_t capacity)
    : lengths_(slots, checked_capacity(shape, capacity)),
      layer_size_(
          static_cast<std::size_t>(slots * (shape.heads / part.tensor_size) * capacity * shape.head_size())),
      keys_(part.layers.size() * layer_size_),
      values_(keys_.size()) {}

#define GPT_INSTANTIATE(T) template class KvCache<T>;
GPT_FOR_EACH_ELEMENT(GPT_INSTANTIATE)
#undef GPT_INSTANTIATE

}  // namespace gpt::model
