// The matrix products of a training step.
#include "libgpt/ops/cuda/product.hpp"
#include "tests/bench/gpu/measure.hpp"

namespace gpt::bench {
namespace {

using ops::Product;
using ops::Transpose;
using tensor::DeviceBf16;
using tensor::DeviceF32;

constexpr double kPeak = 989e12;  // dense bf16 of an H100 or H200, by the vendor's datasheet

struct Layer {
  const char* name;
  std::int64_t rows, in, out;
};

std::string shape(const Layer& l) {
  return std::string(l.name) + " " + std::to_string(l.rows) + " x " + std::to_string(l.in) + " -> " +
         std::to_string(l.out);
}

// Forward y = x W, backward dx = dy W' and dW += x' dy, the last one summed in fp32.
struct Products {
  explicit Products(const Layer& layer)
      : l(layer),
        x(random_numbers<DeviceBf16>(l.rows * l.in)),
        weight(random_numbers<DeviceBf16>(l.in * l.out, 0.02F)),
        y(random_numbers<DeviceBf16>(l.rows * l.out)),
        d_weight(random_numbers<DeviceF32>(l.in * l.out)) {}

  void forward() {
    ops::device_product<DeviceBf16, DeviceBf16>(l.rows, l.out, l.in, {x.span().data(), l.in},
                                                {weight.span().data(), l.out}, {y.span().data(), l.out},
                                                Product::replace);
  }
  void backward_input() {
    ops::device_product<DeviceBf16, DeviceBf16>(l.rows, l.in, l.out, {y.span().data(), l.out},
                                                {weight.span().data(), l.out, Transpose::yes},
                                                {x.span().data(), l.in}, Product::replace);
  }
  void backward_weight() {
    ops::device_product<DeviceBf16, DeviceF32>(l.in, l.out, l.rows, {x.span().data(), l.in, Transpose::yes},
                                               {y.span().data(), l.out}, {d_weight.span().data(), l.out},
                                               Product::add);
  }

  Layer l;
  tensor::AlignedBuffer<DeviceBf16> x, weight, y;
  tensor::AlignedBuffer<DeviceF32> d_weight;
};

std::string speed(double flops, const std::function<void()>& work) {
  const double rate = flops / seconds_of(work);
  return number(rate / 1e12, 0) + " (" + percent(rate / kPeak) + ")";
}

void measure(const Layer& layer) {
  Products products(layer);
  const double flops =
      2.0 * static_cast<double>(layer.rows) * static_cast<double>(layer.in) * static_cast<double>(layer.out);
  const std::string forward = speed(flops, [&] { products.forward(); });
  const std::string weight = speed(flops, [&] { products.backward_weight(); });
  const std::string input = speed(flops, [&] { products.backward_input(); });
  print_row({shape(layer), forward, input, weight});
}

}  // namespace

void measure_products(Sizes sizes) {
  print_header(
      {"product, bf16, TFLOP/s (share of 989)", "forward", "gradient of the input", "of the weight, fp32"});
  if (sizes == Sizes::tiny) return measure({"tiny", 16, 8, 24});
  for (const Layer& layer :
       {Layer{"8192", 8192, 8192, 8192}, Layer{"124M qkv", 16384, 768, 2304},
        Layer{"124M attention out", 16384, 768, 768}, Layer{"124M up", 16384, 768, 3072},
        Layer{"124M down", 16384, 3072, 768}, Layer{"124M logits", 16384, 768, 50304},
        Layer{"1.5B qkv", 8192, 1600, 4800}, Layer{"1.5B attention out", 8192, 1600, 1600},
        Layer{"1.5B up", 8192, 1600, 6400}, Layer{"1.5B down", 8192, 6400, 1600},
        Layer{"1.5B logits", 8192, 1600, 50304}}) {
    measure(layer);
  }
}

}  // namespace gpt::bench
