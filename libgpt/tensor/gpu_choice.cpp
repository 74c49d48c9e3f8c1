#include "libgpt/tensor/gpu_choice.hpp"

#include <algorithm>
#include <map>
#include <sstream>

namespace gpt::tensor {
namespace {

std::string capability_text(int capability) {
  return std::to_string(capability / 10) + "." + std::to_string(capability % 10);
}

std::string code_text(const std::vector<GpuCode>& code) {
  std::string text;
  for (const GpuCode& one : code) text += (text.empty() ? "" : ", ") + capability_text(one.capability);
  return text;
}

int major(int version) { return version / 1000; }

// Within one major version an older driver runs what a newer toolkit has made; beyond it does not.
void check_driver_or_throw(const GpuFacts& facts) {
  if (facts.toolkit == 0) {
    throw NoUsableGpu(
        "this program was built without CUDA (--version lists what it was built with): build it where a CUDA "
        "toolkit "
        "is found (docs/building-with-cuda.md), or give --device cpu");
  }
  if (facts.driver == 0) {
    throw NoUsableGpu(
        "no NVIDIA driver is loaded on this machine (nvidia-smi shows the same), so there is no GPU to use: "
        "start on a "
        "machine that has one, or give --device cpu");
  }
  if (major(facts.driver) >= major(facts.toolkit)) return;
  const std::string needed = std::to_string(major(facts.toolkit));
  throw NoUsableGpu("the NVIDIA driver of this machine knows CUDA up to " + cuda_version_text(facts.driver) +
                    ", but this program was built with CUDA " + cuda_version_text(facts.toolkit) +
                    ": have the driver updated to one for CUDA " + needed +
                    ", put NVIDIA's cuda-compat for it on LD_LIBRARY_PATH, or build with a toolkit of CUDA " +
                    std::to_string(major(facts.driver)) + " (docs/building-with-cuda.md)");
}

}  // namespace

std::string cuda_version_text(int version) {
  return std::to_string(version / 1000) + "." + std::to_string(version % 1000 / 10);
}

std::vector<GpuCode> parse_architectures(const std::string& architectures) {
  std::vector<GpuCode> code;
  std::istringstream words(architectures);
  for (std::string word; std::getline(words, word, ',');) {
    GpuCode one;
    std::size_t end = 0;
    while (end < word.size() && word[end] >= '0' && word[end] <= '9') ++end;
    if (end == 0) continue;
    one.capability = std::stoi(word.substr(0, end));
    const std::string suffix = word.substr(end);
    one.machine_code = !suffix.ends_with("-virtual");
    one.translatable = !suffix.ends_with("-real");
    one.exact = suffix.starts_with("a");
    code.push_back(one);
  }
  return code;
}

bool has_code_for(const std::vector<GpuCode>& code, int capability) {
  return std::any_of(code.begin(), code.end(), [&](const GpuCode& one) {
    if (one.exact) return one.capability == capability;
    if (one.capability > capability) return false;
    return one.translatable || (one.machine_code && one.capability / 10 == capability / 10);
  });
}

void check_usable_or_throw(const GpuFacts& facts) {
  check_driver_or_throw(facts);
  if (!facts.complaint.empty()) {
    throw NoUsableGpu("CUDA does not start here: " + facts.complaint +
                      "; nvidia-smi tells more, --device cpu does without");
  }
  if (facts.gpus.empty()) {
    throw NoUsableGpu(
        "the NVIDIA driver shows this process no GPU: under Slurm ask for one (--gpus-per-node), and see "
        "what "
        "CUDA_VISIBLE_DEVICES says; or give --device cpu");
  }
  for (const Gpu& gpu : facts.gpus) {
    if (has_code_for(facts.code, gpu.capability)) continue;
    throw NoUsableGpu("this program has code for GPUs of compute capability " + code_text(facts.code) +
                      ", but " + gpu.name + " is " + capability_text(gpu.capability) +
                      ": build with -DCMAKE_CUDA_ARCHITECTURES=" + std::to_string(gpu.capability) +
                      ", or hide that GPU with CUDA_VISIBLE_DEVICES");
  }
}

std::vector<int> share_out_gpus_or_throw(const std::vector<std::vector<std::string>>& seen,
                                         GpuSharing sharing) {
  std::map<std::string, int> ranks_of;
  std::vector<int> chosen;
  for (const auto& own : seen) {
    // Of the least used ones the first.
    const auto least = std::min_element(
        own.begin(), own.end(),
        [&](const std::string& a, const std::string& b) { return ranks_of[a] < ranks_of[b]; });
    if (least == own.end()) throw NoUsableGpu("a rank of this machine sees no GPU");
    if (ranks_of[*least] > 0 && sharing == GpuSharing::refused) {
      std::map<std::string, int> all;
      for (const auto& list : seen) {
        for (const std::string& uuid : list) ++all[uuid];
      }
      throw NoUsableGpu(
          std::to_string(seen.size()) + " ranks were started on this machine, but they see " +
          std::to_string(all.size()) + (all.size() == 1 ? " GPU" : " GPUs") +
          " together: start as many ranks a machine as it has GPUs (--ntasks-per-node under Slurm, "
          "--npernode of mpirun), ask for more GPUs (--gpus-per-node), or let ranks share them with "
          "--share-gpus");
    }
    ++ranks_of[*least];
    chosen.push_back(static_cast<int>(least - own.begin()));
  }
  return chosen;
}

}  // namespace gpt::tensor
