# Run at every build: writes build_info.hpp anew only when the commit has changed.
# In: SOURCE_DIR, OUTPUT, VERSION, COMPILER, FEATURES.
execute_process(COMMAND git -C ${SOURCE_DIR} describe --always --dirty --abbrev=10
  OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE status)
if(NOT status EQUAL 0)
  set(commit "unknown")
endif()
file(CONFIGURE OUTPUT ${OUTPUT} @ONLY CONTENT [=[
#pragma once

namespace gpt::cli {

inline constexpr char kBuildVersion[] = "@VERSION@";
inline constexpr char kBuildCommit[] = "@commit@";
inline constexpr char kBuildCompiler[] = "@COMPILER@";
inline constexpr char kBuildFeatures[] = "@FEATURES@";

}  // namespace gpt::cli
]=])
