#include "libgpt/model/kv_cache.hpp"

#include <algorithm>
#include <string>

#include "libgpt/model/model_config.hpp"

namespace gpt::model {
namespace {

std::size_t checked_slot_size(const cost::ModelShape& shape, std::int64_t capacity) {
  if (capacity > shape.positions) {
    throw ConfigError("a sequence of " + std::to_string(capacity) + " tokens does not fit the model's " +
                      std::to_string(shape.positions) + " positions");
  }
  return static_cast<std::size_t>(shape.heads * capacity * shape.head_size());
}

}  // namespace

template <class T>
KvCache<T>::KvCache(const cost::ModelShape& shape, std::int64_t slots, std::int64_t capacity)
    : capacity_(capacity),
      slot_size_(checked_slot_size(shape, capacity)),
      lengths_(static_cast<std::size_t>(slots)),
      keys_(static_cast<std::size_t>(shape.layers * slots) * slot_size_),
      values_(keys_.size()) {}

template <class T>
void KvCache<T>::truncate(std::int64_t slot, std::int64_t length) {
  auto& held = lengths_[static_cast<std::size_t>(slot)];
  held = std::min(held, length);
}

template class KvCache<float>;
template class KvCache<double>;

}  // namespace gpt::model
