#include <stdexcept>
#include <string>

#include "libgpt/ops/cpu/kernel_table.hpp"

namespace gpt::ops::cpu {

extern const KernelTables kernel_tables_portable;
#ifdef GPT_HAVE_X86_KERNELS
extern const KernelTables kernel_tables_avx2;
extern const KernelTables kernel_tables_avx512;
#endif

namespace {

const KernelTables& tables_of(Isa isa) {
#ifdef GPT_HAVE_X86_KERNELS
  if (isa == Isa::avx512) return kernel_tables_avx512;
  if (isa == Isa::avx2) return kernel_tables_avx2;
#endif
  static_cast<void>(isa);
  return kernel_tables_portable;
}

struct Selection {
  Isa isa = supported_isas().back();
  const KernelTables* tables = &tables_of(isa);
};

Selection& selection() {
  static Selection selected;
  return selected;
}

}  // namespace

std::vector<Isa> supported_isas() {
  std::vector<Isa> isas = {Isa::portable};
#ifdef GPT_HAVE_X86_KERNELS
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    isas.push_back(Isa::avx2);
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")) {
      isas.push_back(Isa::avx512);
    }
  }
#endif
  return isas;
}

Isa selected_isa() { return selection().isa; }

void select_isa(Isa isa) {
  for (const Isa supported : supported_isas()) {
    if (supported != isa) continue;
    selection() = {isa, &tables_of(isa)};
    return;
  }
  throw std::invalid_argument("this processor or build has no " + std::string(isa_name(isa)));
}

std::string_view isa_name(Isa isa) {
  switch (isa) {
    case Isa::avx512:
      return "AVX-512";
    case Isa::avx2:
      return "AVX2";
    case Isa::portable:
      return "portable";
  }
  return "portable";
}

template <>
const KernelTable<float>& kernels<float>() {
  return *selection().tables->f32;
}
template <>
const KernelTable<double>& kernels<double>() {
  return *selection().tables->f64;
}

}  // namespace gpt::ops::cpu
