#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <vector>

namespace gpt::tensor {

// No GPU can be used here; the message says why, and what to do about it.
class NoUsableGpu : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct Gpu {
  std::string uuid;
  std::string name;    // "NVIDIA H200"
  int capability = 0;  // 90 is compute capability 9.0
  std::size_t bytes = 0;
};

// The code that a program has for one kind of GPU. Machine code of 80 runs on 80 to 89; what can be
// translated when it is loaded (PTX) on all that is newer; code of the kind 90a on nothing but 90.
struct GpuCode {
  int capability = 0;
  bool machine_code = true;
  bool translatable = true;
  bool exact = false;
};

// What the machine and the program say of themselves.
struct GpuFacts {
  int driver = 0;   // 13000 is a driver for CUDA 13.0; 0 is none
  int toolkit = 0;  // that the program was built with; 0 is none
  std::vector<GpuCode> code;
  std::vector<Gpu> gpus;  // those that this process may use
  std::string complaint;  // why the GPUs could not be asked for, in the words of CUDA; empty where they could
};

// "80,90", "80-real,90a" ... as CMAKE_CUDA_ARCHITECTURES spells them, with commas.
std::vector<GpuCode> parse_architectures(const std::string& architectures);
bool has_code_for(const std::vector<GpuCode>& code, int capability);

// Throws NoUsableGpu: no driver, one that is too old, no GPU, or none that the program has code for.
void check_usable_or_throw(const GpuFacts& facts);

enum class GpuSharing { refused, allowed };

// Which GPU each of the ranks of one machine takes, given the UUIDs of those that each sees, in its order:
// one of its own, whether all see all or a scheduler gave each its share. Where they are not enough they are
// shared in turn, or refused (NoUsableGpu).
std::vector<int> share_out_gpus_or_throw(const std::vector<std::vector<std::string>>& seen,
                                         GpuSharing sharing);

// "13.0" of 13000.
std::string cuda_version_text(int version);

}  // namespace gpt::tensor
