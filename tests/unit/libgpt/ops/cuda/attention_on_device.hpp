#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "libgpt/ops/attention.hpp"
#include "libgpt/tensor/aligned_buffer.hpp"
#include "libgpt/tensor/copy.hpp"
#include "tests/unit/libgpt/ops/op_check.hpp"

// Attention on the device beside attention on the CPU, in float, from the same rounded numbers.
namespace gpt::attention_check {

using tensor::ValueOf;

template <class T>
struct Precision {
  static constexpr double kWorst = 1e-5, kTypical = 2e-6;
};
// Probabilities and results are rounded to 8 bits, or 11.
template <>
struct Precision<tensor::DeviceBf16> {
  static constexpr double kWorst = 0.03, kTypical = 0.006;
};
template <>
struct Precision<tensor::DeviceF16> {
  static constexpr double kWorst = 0.004, kTypical = 0.0008;
};

template <class V>
std::vector<float> rounded(std::vector<float> values) {
  for (float& value : values) value = tensor::to_float(tensor::from_float<V>(value));
  return values;
}

template <class T>
tensor::AlignedBuffer<T> on_device(const std::vector<float>& values) {
  std::vector<ValueOf<T>> elements(values.size());
  std::transform(values.begin(), values.end(), elements.begin(),
                 [](float value) { return tensor::from_float<ValueOf<T>>(value); });
  tensor::AlignedBuffer<T> buffer(values.size());
  tensor::upload<T>(elements, buffer.span());
  return buffer;
}
template <class T, class V>
tensor::AlignedBuffer<tensor::Beside<T, V>> beside(const std::vector<V>& values) {
  tensor::AlignedBuffer<tensor::Beside<T, V>> buffer(values.size());
  tensor::upload<tensor::Beside<T, V>>(values, buffer.span());
  return buffer;
}
template <class T>
std::vector<float> on_host(const tensor::AlignedBuffer<T>& buffer) {
  const auto elements = tensor::downloaded<T>(buffer.span());
  std::vector<float> values(elements.size());
  std::transform(elements.begin(), elements.end(), values.begin(),
                 [](auto element) { return tensor::to_float(element); });
  return values;
}

struct Problem {
  ops::AttentionShape shape;
  double dropped = 0;
  std::vector<std::int32_t> attend_from;
  std::vector<std::uint64_t> samples;
  std::int64_t first_head = 0;
  double spread = 1;  // of queries, keys and values

  std::vector<float> qkv, d_out;  // rounded
};

struct Result {
  std::vector<float> out, log_sum, d_qkv;
};

enum class Documents { one, several, one_a_position };

// Numbers rounded to what a V holds.
template <class V>
Problem problem_of(const ops::AttentionShape& s, Documents documents, double dropped, double spread = 1) {
  Problem p{s, dropped, {}, {}, 0, spread, {}, {}};
  const auto place = [&](std::size_t i) {
    return static_cast<std::int32_t>(static_cast<std::int64_t>(i) % s.length);
  };
  if (documents != Documents::one) {
    p.attend_from.resize(static_cast<std::size_t>(s.rows()));
    for (std::size_t i = 0; i < p.attend_from.size(); ++i) {
      const std::int32_t at = place(i);
      const auto third = static_cast<std::int32_t>(s.length / 3);
      p.attend_from[i] = documents == Documents::one_a_position ? at
                         : at < third                           ? 0
                         : at < third + 9                       ? third
                                                                : third + 9;
    }
  }
  for (std::int64_t i = 0; i < s.sequences; ++i)
    p.samples.push_back(static_cast<std::uint64_t>(i) * 7 + (1ull << 33));
  p.qkv = rounded<V>(
      op_check::random_values<float>(static_cast<std::size_t>(s.rows() * s.qkv_width()), 7, spread));
  p.d_out = rounded<V>(op_check::random_values<float>(static_cast<std::size_t>(s.rows() * s.out_width()), 8));
  return p;
}

enum class Pass { forward, both };

template <class T>
Result run(const Problem& p, Pass pass) {
  const ops::AttentionShape& s = p.shape;
  const auto qkv = on_device<T>(p.qkv);
  const auto d_out = on_device<T>(p.d_out);
  const auto from = beside<T>(p.attend_from);
  const auto samples = beside<T>(p.samples);
  ops::AttentionContext<T> context;
  context.attend_from = from.span();
  context.dropout = ops::make_dropout(p.dropped, 3, ops::DropoutSite::attention, 1);
  context.samples = samples.span();
  context.first_head = p.first_head;
  // What the op does not write is no number.
  auto out = on_device<T>(std::vector<float>(p.d_out.size(), NAN));
  auto log_sum =
      on_device<tensor::SumOf<T>>(std::vector<float>(static_cast<std::size_t>(s.rows() * s.heads), NAN));
  auto d_qkv = on_device<T>(std::vector<float>(p.qkv.size(), NAN));
  ops::attention_forward<T>(s, context, qkv.span(), out.span(), log_sum.span());
  if (pass == Pass::both) {
    ops::attention_backward<T>(s, context, qkv.span(), out.span(), log_sum.span(), d_out.span(),
                               d_qkv.span());
  }
  return {on_host<T>(out), on_host<tensor::SumOf<T>>(log_sum), on_host<T>(d_qkv)};
}

// The error of the worst element, and of all in proportion to their size.
inline void check_numbers(const std::string& what, const std::vector<float>& seen,
                          const std::vector<float>& wanted, double worst, double typical) {
  CAPTURE(what);
  REQUIRE(seen.size() == wanted.size());
  double errors = 0, sizes = 0, most = 0;
  std::size_t at = 0;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    const double want = static_cast<double>(wanted[i]);
    const double error = std::abs(static_cast<double>(seen[i]) - want);
    if (!(error / (1 + std::abs(want)) <= most)) {
      most = error / (1 + std::abs(want));
      at = i;
    }
    errors += error * error;
    sizes += want * want;
  }
  CAPTURE(at);
  CAPTURE(seen[at]);
  CAPTURE(wanted[at]);
  CHECK(most <= worst);
  CHECK(std::sqrt(errors) <= typical * std::sqrt(sizes) + 1e-12);
}

// slack: how much further gradients may be off.
template <class T>
void check_against_cpu(const Problem& p, Pass pass, double slack = 1) {
  CAPTURE(p.shape.length);
  CAPTURE(p.shape.head_size);
  CAPTURE(p.shape.heads);
  CAPTURE(p.dropped);
  CAPTURE(p.attend_from.empty());
  const Result wanted = run<float>(p, pass);
  const Result seen = run<T>(p, pass);
  using Limits = Precision<T>;
  check_numbers("out", seen.out, wanted.out, Limits::kWorst, Limits::kTypical);
  check_numbers("log_sum", seen.log_sum, wanted.log_sum, 1e-5, 1e-5);
  if (pass == Pass::both) {
    check_numbers("d_qkv", seen.d_qkv, wanted.d_qkv, 2 * slack * Limits::kWorst,
                  2 * slack * Limits::kTypical);
  }
}

}  // namespace gpt::attention_check
