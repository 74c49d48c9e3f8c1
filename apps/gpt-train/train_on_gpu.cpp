#include "apps/gpt-train/memory_advice.hpp"
#include "apps/gpt-train/peak_speed.hpp"
#include "apps/gpt-train/train_on.hpp"
#include "libcommon/log/logger.hpp"
#include "libgpt/comm/byte_strings.hpp"
#include "libgpt/ops/cuda/product.hpp"
#include "libgpt/tensor/device.hpp"
#include "libgpt/tensor/element.hpp"

namespace gpt::train_tool {
namespace {

// In trainer_state.json: how matrix products were computed, without which a run that goes on would add in
// another order.
constexpr const char* kProducts = "matrix_products";

void adopt_products(const RankRun& run) {
  const auto& state = run.plan.gone_on_with;
  if (!state) return;
  const auto record = state->texts.find(kProducts);
  if (record == state->texts.end() || ops::adopt_product_choices(record->second)) return;
  if (run.world.rank() != 0) return;
  log::warning(
      "the checkpoint was made on another kind of GPU, or with another cuBLAS: training goes on, but not bit "
      "for bit as it would have there");
}

std::map<std::string, std::string> product_note(comm::Communicator& world) {
  const auto records = comm::all_gather_strings(world, ops::record_of_product_choices());
  const std::string merged = ops::merged_product_choices(records);
  if (merged.empty()) return {};
  // Ranks timed by themselves may have chosen differently: from here on all do as the record says, which is
  // what a run that goes on from the checkpoint will do.
  ops::adopt_product_choices(merged);
  return {{kProducts, merged}};
}

void set_float_products(const Options& options) {
  ops::set_float_products(options.allow_tf32 ? ops::FloatProducts::tf32 : ops::FloatProducts::exact);
}

// Calls body.operator()<T>() with the element of the precision.
template <class Body>
auto in_precision(cost::Precision precision, const Body& body) {
  switch (precision) {
    case cost::Precision::bf16:
      return body.template operator()<tensor::DeviceBf16>();
    case cost::Precision::fp16:
      return body.template operator()<tensor::DeviceF16>();
    default:
      return body.template operator()<tensor::DeviceF32>();
  }
}

}  // namespace

double measured_gpu_peak_flops(const Options& options) {
  set_float_products(options);
  return in_precision(options.precision, []<class T>() { return measured_peak_flops<T>(); });
}

train::TrainResult train_on_gpu(const RankRun& run) {
  set_float_products(run.options);
  adopt_products(run);
  run.plan.save.late_notes = [&world = run.world.communicator()] { return product_note(world); };
  return with_memory_advice(
      run, [&] { return in_precision(run.options.precision, [&]<class T>() { return train_on<T>(run); }); });
}

}  // namespace gpt::train_tool
