// The speed of the device's products and kernels, as Markdown tables:
//   bench_gpu [products|kernels|attention]...     all of them without a name
//   bench_gpu --tiny                              everything once, on next to nothing: does it run?
#include <iostream>
#include <string>
#include <vector>

#include "libgpt/ops/cuda/product.hpp"
#include "tests/bench/gpu/measure.hpp"
#include "tests/support/cuda_on_cpu/device.hpp"

using namespace gpt;

int main(int argc, char** argv) {
  bench::Sizes sizes = bench::Sizes::real;
  std::vector<std::string> names;
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  for (const std::string& argument : arguments) {
    if (argument == "--tiny") {
      sizes = bench::Sizes::tiny;
    } else if (argument == "products" || argument == "kernels" || argument == "attention") {
      names.push_back(argument);
    } else {
      std::cerr << "bench_gpu: no measurement is called " << argument << ": products, kernels, attention\n";
      return 2;
    }
  }
  if (names.empty()) names = {"products", "kernels", "attention"};
  try {
    const cuda_on_cpu::ScopedEmulatedDevice device;
    ops::set_product_cache_folder("");
    std::cout << "on " << tensor::device().name() << std::endl;
    for (const std::string& name : names) {
      if (name == "products") bench::measure_products(sizes);
      if (name == "kernels") bench::measure_kernels(sizes);
      if (name == "attention") bench::measure_attention(sizes);
    }
  } catch (const std::exception& error) {
    std::cerr << "bench_gpu: " << error.what() << "\n";
    return 1;
  }
  return 0;
}
