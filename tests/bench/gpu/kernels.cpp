// Kernels that are bound by memory, beside a copy: bytes counted once where they must be read or written.
#include "libgpt/ops/adamw.hpp"
#include "libgpt/ops/cuda/column_sum.hpp"
#include "libgpt/ops/dropout.hpp"
#include "libgpt/ops/embedding.hpp"
#include "libgpt/ops/gelu.hpp"
#include "libgpt/ops/layer_norm.hpp"
#include "libgpt/ops/norm.hpp"
#include "libgpt/ops/vocabulary_cross_entropy.hpp"
#include "tests/bench/gpu/measure.hpp"

namespace gpt::bench {
namespace {

using ops::Product;
using tensor::AlignedBuffer;
using tensor::DeviceBf16;
using tensor::DeviceF32;
using tensor::OnDevice;

class Bandwidths {
 public:
  explicit Bandwidths(Sizes sizes) : copy_(copy_bandwidth(sizes)) {
    print_header({"kernel, bf16", "GB/s", "of a copy"});
    print_row({"copy of 1 GB", number(copy_ / 1e9, 0), "100 %"});
  }
  void measure(const char* name, double bytes, const std::function<void()>& work) const {
    const double rate = bytes / seconds_of(work);
    print_row({name, number(rate / 1e9, 0), percent(rate / copy_)});
  }

 private:
  double copy_;
};

std::vector<std::int32_t> random_ids(std::int64_t count, std::int32_t below) {
  std::mt19937 random(2);
  std::vector<std::int32_t> ids(static_cast<std::size_t>(count));
  for (std::int32_t& id : ids) id = static_cast<std::int32_t>(random() % static_cast<unsigned>(below));
  return ids;
}

AlignedBuffer<OnDevice<std::int32_t>> on_device(const std::vector<std::int32_t>& ids) {
  AlignedBuffer<OnDevice<std::int32_t>> buffer(ids.size());
  tensor::upload<OnDevice<std::int32_t>>(ids, buffer.span());
  return buffer;
}

// What happens to the activations of a layer. Each is far larger than any cache.
void measure_activations(const Bandwidths& bandwidths, std::int64_t rows, std::int64_t columns,
                         std::int64_t length) {
  const double all = 2.0 * static_cast<double>(rows) * static_cast<double>(columns);  // bytes
  auto x = random_numbers<DeviceBf16>(rows * columns), y = random_numbers<DeviceBf16>(rows * columns),
       z = random_numbers<DeviceBf16>(rows * columns);
  const auto weight = random_numbers<DeviceBf16>(columns), bias = random_numbers<DeviceBf16>(columns);
  AlignedBuffer<DeviceF32> mean(static_cast<std::size_t>(rows)), deviation(static_cast<std::size_t>(rows));
  AlignedBuffer<DeviceF32> d_weight(static_cast<std::size_t>(columns)),
      d_bias(static_cast<std::size_t>(columns));
  AlignedBuffer<OnDevice<std::uint64_t>> samples(static_cast<std::size_t>(rows / length));
  const ops::NormShape shape{rows, columns};

  bandwidths.measure("LayerNorm, forward", 2 * all, [&] {
    ops::layer_norm_forward<DeviceBf16>(shape, 1e-5, x.span(), weight.span(), bias.span(), y.span(),
                                        mean.span(), deviation.span());
  });
  bandwidths.measure("LayerNorm, backward with the residual's gradient", 4 * all, [&] {
    ops::layer_norm_backward<DeviceBf16>(shape, y.span(), x.span(), weight.span(), mean.span(),
                                         deviation.span(), z.span(), z.span(), Product::add, d_weight.span(),
                                         d_bias.span());
  });
  bandwidths.measure("bias and GELU, forward", 3 * all, [&] {
    ops::bias_gelu_forward<DeviceBf16>(rows, columns, bias.span(), x.span(), y.span());
  });
  bandwidths.measure("GELU, backward", 3 * all,
                     [&] { ops::gelu_backward<DeviceBf16>(x.span(), y.span(), z.span()); });
  const ops::DropoutRows<DeviceBf16> dropout_rows{rows, columns, length, samples.span()};
  const auto dropout = ops::make_dropout(0.1, 1, ops::DropoutSite::mlp_output, 0);
  bandwidths.measure("bias and residual", 3 * all, [&] {
    ops::bias_dropout_add<DeviceBf16>(dropout_rows, {}, x.span(), bias.span(), y.span(), z.span());
  });
  bandwidths.measure("bias, dropout and residual", 3 * all, [&] {
    ops::bias_dropout_add<DeviceBf16>(dropout_rows, dropout, x.span(), bias.span(), y.span(), z.span());
  });
  bandwidths.measure("gradient of a bias", all, [&] {
    ops::cuda::column_sum<DeviceBf16>(rows, columns, x.span(), Product::add, d_bias.span());
  });
}

void measure_embedding(const Bandwidths& bandwidths, std::int64_t rows, std::int64_t columns,
                       std::int64_t length) {
  constexpr std::int32_t kVocabulary = 50304;
  const auto table = random_numbers<DeviceBf16>(kVocabulary * columns);
  const auto positions_table = random_numbers<DeviceBf16>(length * columns);
  const auto tokens = on_device(random_ids(rows, kVocabulary));
  const auto positions = on_device(random_ids(rows, static_cast<std::int32_t>(length)));
  AlignedBuffer<DeviceBf16> y(static_cast<std::size_t>(rows * columns));
  const ops::EmbeddingRows<DeviceBf16> ids{tokens.span(), positions.span(), {}, {}};
  bandwidths.measure("embedding, forward", 3 * 2.0 * static_cast<double>(rows) * static_cast<double>(columns),
                     [&] {
                       ops::embedding_forward<DeviceBf16>({rows, columns, kVocabulary, length, 0}, ids,
                                                          table.span(), positions_table.span(), y.span());
                     });
}

void measure_loss(const Bandwidths& bandwidths, std::int64_t rows, std::int64_t columns) {
  const double all = 2.0 * static_cast<double>(rows) * static_cast<double>(columns);
  auto logits = random_numbers<DeviceBf16>(rows * columns, 3);
  const auto targets = on_device(random_ids(rows, static_cast<std::int32_t>(columns)));
  AlignedBuffer<ops::CrossEntropyPartOf<DeviceBf16>> parts(static_cast<std::size_t>(rows));
  const ops::VocabularyShare share{rows, columns, 0};
  bandwidths.measure("cross entropy, logits to exponentials in place", 2 * all, [&] {
    ops::cross_entropy_parts_in_place<DeviceBf16>(share, logits.span(), targets.span(), parts.span());
  });
}

void measure_optimizer(const Bandwidths& bandwidths, std::int64_t parameters) {
  auto weight = random_numbers<DeviceF32>(parameters), first = random_numbers<DeviceF32>(parameters, 1e-3F);
  const auto gradient = random_numbers<DeviceF32>(parameters, 1e-2F);
  AlignedBuffer<DeviceF32> second(static_cast<std::size_t>(parameters));
  AlignedBuffer<DeviceBf16> rounded(static_cast<std::size_t>(parameters));
  AlignedBuffer<OnDevice<double>> sum(1);
  ops::AdamWSettings settings;
  settings.learning_rate = 1e-4;
  const double count = static_cast<double>(parameters);
  bandwidths.measure("AdamW: 16 bytes read, 14 written a parameter", 30 * count, [&] {
    ops::adamw<DeviceBf16>(settings, weight.span(), gradient.span(), first.span(), second.span(),
                           rounded.span());
  });
  bandwidths.measure("norm of the gradients", 4 * count,
                     [&] { ops::add_sum_of_squares<DeviceF32>(gradient.span(), sum.span()); });
}

}  // namespace

void measure_kernels(Sizes sizes) {
  const Bandwidths bandwidths(sizes);
  const bool real = sizes == Sizes::real;
  const std::int64_t length = real ? 1024 : 8;
  const std::int64_t rows = real ? 64 * length : 2 * length;
  const std::int64_t columns = real ? 1600 : 64;
  measure_activations(bandwidths, rows, columns, length);
  measure_embedding(bandwidths, rows, columns, length);
  measure_loss(bandwidths, real ? 8192 : 16, real ? 50304 : 100);
  measure_optimizer(bandwidths, real ? 400'000'000 : 1000);
}

}  // namespace gpt::bench
