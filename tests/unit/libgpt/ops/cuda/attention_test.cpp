#include "tests/support/cuda_on_cpu/device.hpp"
#include "tests/support/cuda_on_cpu/schedule.hpp"
#include "tests/unit/libgpt/ops/cuda/attention_on_device.hpp"

using namespace gpt;
using namespace gpt::attention_check;
using tensor::DeviceBf16;
using tensor::DeviceF16;
using tensor::DeviceF32;

TEST_CASE_TEMPLATE("attention on the device gives what it gives on the CPU, for any length", T, DeviceF32,
                   DeviceBf16, DeviceF16) {
  const cuda_on_cpu::ScopedEmulatedDevice device;
  for (const std::int64_t length : {1, 7, 63, 64, 65, 129, 200}) {
    for (const Documents documents : {Documents::one, Documents::several}) {
      check_against_cpu<T>(problem_of<ValueOf<T>>({1, length, 1, 1, 64}, documents, 0), Pass::both);
    }
  }
}

TEST_CASE_TEMPLATE("attention on the device takes every head size", T, DeviceF32, DeviceBf16, DeviceF16) {
  const cuda_on_cpu::ScopedEmulatedDevice device;
  for (const std::int64_t head_size : {1, 8, 20, 32, 80, 96, 104, 128, 160, 256}) {
    const std::int64_t length = head_size > 128 ? 35 : 70;
    for (const double dropped : {0.0, 0.3}) {
      check_against_cpu<T>(problem_of<ValueOf<T>>({2, length, 1, 1, head_size}, Documents::several, dropped),
                           Pass::both);
    }
  }
}

TEST_CASE_TEMPLATE("attention on the device over many tiles, with documents and dropout", T, DeviceBf16,
                   DeviceF16) {
  const cuda_on_cpu::ScopedEmulatedDevice device;
  for (const std::int64_t head_size : {64, 80, 128}) {
    check_against_cpu<T>(problem_of<ValueOf<T>>({1, 330, 1, 1, head_size}, Documents::several, 0.2),
                         Pass::both);
  }
}

TEST_CASE("rows that lie at no multiple of 16 bytes") {
  const cuda_on_cpu::ScopedEmulatedDevice device;
  const ops::AttentionShape s{1, 40, 1, 1, 64};
  const Problem p = problem_of<tensor::Bf16>(s, Documents::one, 0);
  std::vector<float> shifted(p.qkv.size() + 1);
  std::copy(p.qkv.begin(), p.qkv.end(), shifted.begin() + 1);
  const auto qkv = on_device<DeviceBf16>(shifted);
  auto out = on_device<DeviceBf16>(std::vector<float>(p.d_out.size(), NAN));
  auto log_sum = on_device<DeviceF32>(std::vector<float>(40, NAN));
  ops::attention_forward<DeviceBf16>(s, {}, qkv.span().subspan(1), out.span(), log_sum.span());
  check_numbers("out", on_host<DeviceBf16>(out), run<float>(p, Pass::forward).out,
                Precision<DeviceBf16>::kWorst, Precision<DeviceBf16>::kTypical);
}

TEST_CASE_TEMPLATE("attention on the device with heads that another rank's come before", T, DeviceF32,
                   DeviceBf16, DeviceF16) {
  const cuda_on_cpu::ScopedEmulatedDevice device;
  Problem p = problem_of<ValueOf<T>>({2, 140, 3, 3, 64}, Documents::one_a_position, 0.2);
  p.first_head = 6;
  check_against_cpu<T>(p, Pass::both);
  p.attend_from.clear();
  check_against_cpu<T>(p, Pass::both);
}

TEST_CASE_TEMPLATE("scores far apart, growing along the keys and falling", T, DeviceF32, DeviceBf16,
                   DeviceF16) {
  const cuda_on_cpu::ScopedEmulatedDevice device;
  for (const float slope : {-0.2F, 0.2F}) {
    Problem p = problem_of<ValueOf<T>>({1, 200, 1, 1, 64}, Documents::one, 0);
    // The first channel of queries is 8 and scores grow by it with the key's, up to 40 at the end.
    for (std::size_t i = 0; i < 200; ++i) {
      p.qkv[i * 192] = 8;
      p.qkv[i * 192 + 64] = slope * static_cast<float>(i);
    }
    p.qkv = rounded<ValueOf<T>>(p.qkv);
    check_against_cpu<T>(p, Pass::both, 8);  // the gradients of that channel are sums of large terms
  }
}

TEST_CASE_TEMPLATE("the device drops the probabilities that the CPU drops", T, DeviceF32, DeviceBf16,
                   DeviceF16) {
  const cuda_on_cpu::ScopedEmulatedDevice device;
  // Value j has a 1 in channel j - 64 w alone: the outputs are the probabilities of 64 keys.
  for (const std::size_t window : {0u, 1u, 2u}) {
    Problem p = problem_of<ValueOf<T>>({1, 150, 2, 2, 64}, Documents::one, 0.4);
    for (std::size_t row = 0; row < 150; ++row) {
      for (std::size_t i = 256; i < 384; ++i) {
        p.qkv[row * 384 + i] = row >= window * 64 && i % 64 == row - window * 64 ? 1.0F : 0.0F;
      }
    }
    const Result wanted = run<float>(p, Pass::forward);
    const Result seen = run<T>(p, Pass::forward);
    std::size_t dropped = 0, different = 0;
    for (std::size_t i = 0; i < wanted.out.size(); ++i) {
      dropped += wanted.out[i] == 0;
      different += (wanted.out[i] == 0) != (seen.out[i] == 0);
    }
    CHECK(different == 0);
    CHECK(dropped > wanted.out.size() / 3);
  }
}

TEST_CASE_TEMPLATE("attention on the device gives the same bits again, in whatever order threads run", T,
                   DeviceF32, DeviceBf16, DeviceF16) {
  const cuda_on_cpu::ScopedEmulatedDevice device;
  for (const std::int64_t head_size : {64, 128}) {
    const Problem p = problem_of<ValueOf<T>>({1, 150, 1, 1, head_size}, Documents::several, 0.1);
    const Result once = run<T>(p, Pass::both);
    for (const std::uint64_t seed : {1, 2, 3}) {
      const cuda_on_cpu::ScopedSchedule schedule({seed});
      const Result again = run<T>(p, Pass::both);
      CHECK(again.out == once.out);
      CHECK(again.log_sum == once.log_sum);
      CHECK(again.d_qkv == once.d_qkv);
    }
  }
}
