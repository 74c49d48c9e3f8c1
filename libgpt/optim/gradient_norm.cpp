#include "libgpt/optim/gradient_norm.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "libgpt/optim/stretches_within.hpp"
#include "libgpt/tensor/copy.hpp"
#include "libgpt/tensor/instantiate.hpp"

namespace gpt::optim {
namespace {

template <class V>
bool all_finite(std::span<const V> values) {
  return std::all_of(values.begin(), values.end(), [](V v) { return std::isfinite(tensor::to_float(v)); });
}

// Elements of a device come to the host piece by piece.
template <class T>
bool are_finite(std::span<const T> x) {
  if constexpr (tensor::kPlaceOf<T> == tensor::Place::host) {
    return all_finite(x);
  } else {
    constexpr std::size_t kPiece = std::size_t{1} << 22;
    for (std::size_t first = 0; first < x.size(); first += kPiece) {
      const auto values = tensor::downloaded<T>(x.subspan(first, std::min(kPiece, x.size() - first)));
      if (!all_finite<tensor::ValueOf<T>>(values)) return false;
    }
    return true;
  }
}

}  // namespace

template <class T>
const model::Parameter* find_not_finite(const model::ParameterLayout& layout, const ElementRanges& ranges,
                                        std::span<const T> x, Search search) {
  const model::Parameter* found = nullptr;
  for (const model::Parameter& parameter : layout.parameters()) {
    bool finite = true;
    for_each_within(ranges, parameter.offset, parameter.offset + parameter.count, [&](ElementRange range) {
      finite = finite && are_finite<T>(x.subspan(range.begin, range.count()));
    });
    if (finite) continue;
    found = &parameter;
    if (search == Search::from_front) break;
  }
  return found;
}

#define GPT_INSTANTIATE(T)                                                                                 \
  template const model::Parameter* find_not_finite<T>(const model::ParameterLayout&, const ElementRanges&, \
                                                      std::span<const T>, Search);
GPT_FOR_EACH_ELEMENT(GPT_INSTANTIATE)
#undef GPT_INSTANTIATE

}  // namespace gpt::optim
