#include "libgpt/model/resident_batch.hpp"

#include <cstring>
#include <vector>

#include "libgpt/model/row_order.hpp"
#include "libgpt/tensor/copy.hpp"
#include "libgpt/tensor/instantiate.hpp"

namespace gpt::model {
namespace {

// Arrays laid out one after the other on the host, to be brought to a device at once.
class Parcel {
 public:
  template <class V>
  std::size_t add(std::span<const V> values) {
    const std::size_t at = (bytes_.size() + kAlignment - 1) / kAlignment * kAlignment;
    bytes_.resize(at + values.size_bytes());
    if (!values.empty()) std::memcpy(bytes_.data() + at, values.data(), values.size_bytes());
    return at;
  }
  std::span<const std::byte> bytes() const { return bytes_; }

 private:
  static constexpr std::size_t kAlignment = 16;
  std::vector<std::byte> bytes_;
};

// Arrays of a batch within a parcel that has arrived.
template <class V>
struct PackedArray {
  std::size_t at, count;

  std::span<const tensor::OnDevice<V>> in(std::span<tensor::OnDevice<std::byte>> arrived) const {
    return {reinterpret_cast<const tensor::OnDevice<V>*>(arrived.data() + at), count};
  }
};
template <class V>
PackedArray<V> pack(Parcel& parcel, std::span<const V> values) {
  return {parcel.add(values), values.size()};
}

template <class T>
ResidentBatch<T> on_device(const MicroBatch& batch, std::span<const std::int32_t> positions, EmbeddingUse use,
                           tensor::Arena& arena) {
  Parcel parcel;
  const auto given = use == EmbeddingUse::none ? std::span<const std::int32_t>() : batch.tokens;
  const auto tokens = pack(parcel, given);
  const auto places = pack(parcel, positions);
  const auto targets = pack(parcel, batch.targets);
  const auto mask = pack(parcel, batch.loss_mask);
  const auto attend_from = pack(parcel, batch.attend_from);
  const auto samples = pack(parcel, batch.sample_indices);
  std::vector<std::int32_t> orders[2];
  if (use == EmbeddingUse::backward) {
    orders[0] = rows_by_key(batch.tokens);
    orders[1] = rows_by_key(positions);
  }
  const auto by_token = pack(parcel, std::span<const std::int32_t>(orders[0]));
  const auto by_position = pack(parcel, std::span<const std::int32_t>(orders[1]));
  const auto arrived = arena.take<tensor::OnDevice<std::byte>>(parcel.bytes().size());
  tensor::upload(parcel.bytes(), arrived);
  return {{tokens.in(arrived), places.in(arrived), by_token.in(arrived), by_position.in(arrived)},
          targets.in(arrived),
          mask.in(arrived),
          attend_from.in(arrived),
          samples.in(arrived)};
}

}  // namespace

template <class T>
ResidentBatch<T> resident_batch(const MicroBatch& batch, EmbeddingUse use, tensor::Arena& arena) {
  std::vector<std::int32_t> counted;
  std::span<const std::int32_t> positions;
  if (use != EmbeddingUse::none) {
    if (batch.positions.empty()) counted = counted_positions(batch.sequences, batch.length);
    positions = batch.positions.empty() ? counted : batch.positions;
  }
  if constexpr (tensor::kPlaceOf<T> == tensor::Place::device) {
    return on_device<T>(batch, positions, use, arena);
  } else {
    ResidentBatch<T> resident{{batch.tokens, positions, {}, {}},
                              batch.targets,
                              batch.loss_mask,
                              batch.attend_from,
                              batch.sample_indices};
    if (counted.empty()) return resident;
    const auto kept = arena.take<std::int32_t>(counted.size());
    tensor::upload<std::int32_t>(counted, kept);
    resident.rows.positions = kept;
    return resident;
  }
}

#define GPT_INSTANTIATE(T) \
  template ResidentBatch<T> resident_batch<T>(const MicroBatch&, EmbeddingUse, tensor::Arena&);
GPT_FOR_EACH_ELEMENT(GPT_INSTANTIATE)
#undef GPT_INSTANTIATE

}  // namespace gpt::model
