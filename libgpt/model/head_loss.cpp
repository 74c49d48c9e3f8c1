#include "libgpt/model/head_loss.hpp"

#include "libgpt/ops/cross_entropy.hpp"
#include "libgpt/tensor/instantiate.hpp"

namespace gpt::model {
namespace {

template <class T>
using Parts = std::span<ops::CrossEntropyPartOf<T>>;

// The parts of this rank's rows, and of all ranks.
template <class T>
struct AllParts {
  Parts<T> own;  // lies within all
  Parts<T> all;  // [ranks, rows]
  Parts<T> sums;

  AllParts(const TensorGroup& group, std::int64_t rows, tensor::Arena& scratch) {
    const auto count = static_cast<std::size_t>(rows);
    all = scratch.take<ops::CrossEntropyPartOf<T>>(count * static_cast<std::size_t>(group.size()));
    own = all.subspan(count * static_cast<std::size_t>(group.rank()), count);
    sums = scratch.take<ops::CrossEntropyPartOf<T>>(count);
  }
};

template <class T>
std::span<tensor::SumOf<T>> numbers_of(Parts<T> parts) {
  static_assert(sizeof(ops::CrossEntropyPartOf<T>) == 3 * sizeof(tensor::SumOf<T>));
  return {reinterpret_cast<tensor::SumOf<T>*>(parts.data()), 3 * parts.size()};
}

template <class T>
void gather_and_combine(const TensorGroup& group, const AllParts<T>& parts,
                        std::span<tensor::Beside<T, double>> losses) {
  group.group->all_gather(numbers_of<T>(parts.own), numbers_of<T>(parts.all));
  ops::combine_cross_entropy<T>(static_cast<std::int64_t>(parts.own.size()), parts.all, losses, parts.sums);
}

}  // namespace

template <class T>
void row_losses(const TensorGroup& group, const ops::VocabularyShare& share, std::span<const T> logits,
                std::span<const tensor::Beside<T, std::int32_t>> targets,
                std::span<tensor::Beside<T, double>> losses, tensor::Arena& scratch) {
  if (group.alone()) {
    ops::cross_entropy_forward<T>(share.rows, share.columns, logits, targets, losses);
    return;
  }
  const tensor::ArenaScope scope(scratch);
  const AllParts<T> parts(group, share.rows, scratch);
  ops::cross_entropy_parts<T>(share, logits, targets, parts.own);
  gather_and_combine<T>(group, parts, losses);
}

template <class T>
void row_losses_and_gradient(const TensorGroup& group, const ops::VocabularyShare& share, std::span<T> logits,
                             std::span<const tensor::Beside<T, std::int32_t>> targets,
                             const ops::RowWeights<T>& weights, std::span<tensor::Beside<T, double>> losses,
                             tensor::Arena& scratch) {
  if (group.alone()) {
    ops::cross_entropy_backward<T>(share.rows, share.columns, logits, targets, weights, losses);
    return;
  }
  const tensor::ArenaScope scope(scratch);
  const AllParts<T> parts(group, share.rows, scratch);
  ops::cross_entropy_parts_in_place<T>(share, logits, targets, parts.own);
  gather_and_combine<T>(group, parts, losses);
  ops::vocabulary_cross_entropy_backward<T>(share, logits, targets, weights, parts.own, parts.sums);
}

#define GPT_INSTANTIATE(T)                                                                                  \
  template void row_losses<T>(const TensorGroup&, const ops::VocabularyShare&, std::span<const T>,          \
                              std::span<const tensor::Beside<T, std::int32_t>>,                             \
                              std::span<tensor::Beside<T, double>>, tensor::Arena&);                        \
  template void row_losses_and_gradient<T>(const TensorGroup&, const ops::VocabularyShare&, std::span<T>,   \
                                           std::span<const tensor::Beside<T, std::int32_t>>,                \
                                           const ops::RowWeights<T>&, std::span<tensor::Beside<T, double>>, \
                                           tensor::Arena&);
GPT_FOR_EACH_ELEMENT(GPT_INSTANTIATE)
#undef GPT_INSTANTIATE

}  // namespace gpt::model
