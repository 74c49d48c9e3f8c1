#include "libcommon/cli/version.hpp"

#include "build_info.hpp"  // written by CMake and share/cmake/WriteBuildInfo.cmake

namespace gpt::cli {

std::string version_number() { return kBuildVersion; }

std::string version_text(const std::string& tool) {
  return tool + " " + kBuildVersion + "\ncommit: " + kBuildCommit + "\ncompiler: " + kBuildCompiler +
         "\nfeatures: " + kBuildFeatures + "\n";
}

}  // namespace gpt::cli
