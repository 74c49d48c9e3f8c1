# Finds every library the toolkit uses as installed by the system; nothing is downloaded.
# share/install-deps.sh names the packages that provide them.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(ZLIB REQUIRED)
find_package(ICU REQUIRED COMPONENTS uc i18n data)
find_package(simdjson REQUIRED)
find_package(CURL REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(OpenMP REQUIRED COMPONENTS CXX)
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(XXHASH REQUIRED IMPORTED_TARGET libxxhash)
pkg_check_modules(GUMBO REQUIRED IMPORTED_TARGET gumbo)

# CLI11 is header-only; Debian ships it without a CMake package.
find_path(CLI11_INCLUDE_DIR CLI/CLI.hpp REQUIRED)
add_library(CLI11 INTERFACE)
target_include_directories(CLI11 SYSTEM INTERFACE ${CLI11_INCLUDE_DIR})

if(GPT_BUILD_TESTS)
  find_package(doctest REQUIRED)
endif()

# gpt_optional(<NAME> <found>): turns GPT_WITH_<NAME> and whether it was found into GPT_HAVE_<NAME>.
function(gpt_optional name found)
  if(GPT_WITH_${name} STREQUAL "OFF")
    set(have OFF)
  elseif(found)
    set(have ON)
  elseif(GPT_WITH_${name} STREQUAL "ON")
    message(FATAL_ERROR "GPT_WITH_${name} is ON but it was not found; share/install-deps.sh installs what Debian has, "
      "docs/building-with-cuda.md tells where CUDA comes from")
  else()
    set(have OFF)
  endif()
  message(STATUS "${name}: ${have}")
  set(GPT_HAVE_${name} ${have} PARENT_SCOPE)
endfunction()

# gpt_optional_library(<NAME> <header> <library> [<folder>...]): an imported target <NAME> where both are found, in one
# of the folders or where the system has its libraries.
macro(gpt_optional_library name header library)
  find_path(${name}_INCLUDE_DIR ${header} HINTS ${ARGN} PATH_SUFFIXES include)
  find_library(${name}_LIBRARY ${library} HINTS ${ARGN} PATH_SUFFIXES lib lib64)
  if(${name}_INCLUDE_DIR AND ${name}_LIBRARY)
    add_library(${name} INTERFACE)
    target_include_directories(${name} SYSTEM INTERFACE ${${name}_INCLUDE_DIR})
    target_link_libraries(${name} INTERFACE ${${name}_LIBRARY})
    gpt_optional(${name} TRUE)
  else()
    gpt_optional(${name} FALSE)
  endif()
endmacro()

# Found by header and library: Debian's CMake package of oneDNN asks for OpenCL, which nothing here uses.
gpt_optional_library(ONEDNN oneapi/dnnl/dnnl.h dnnl)
gpt_optional_library(CLD2 cld2/public/compact_lang_det.h cld2)
gpt_optional_library(DIVSUFSORT divsufsort.h divsufsort)

# FAISS comes with a CMake package that names BLAS, LAPACK and OpenMP, which its static library needs.
if(NOT GPT_WITH_FAISS STREQUAL "OFF")
  find_package(faiss CONFIG QUIET)
  if(TARGET faiss)
    add_library(FAISS INTERFACE)
    target_link_libraries(FAISS INTERFACE faiss OpenMP::OpenMP_CXX)
  elseif(GPT_WITH_FAISS STREQUAL "ON")
    message(FATAL_ERROR "GPT_WITH_FAISS is ON but FAISS was not found; Debian has it as libfaiss-dev")
  endif()
endif()
gpt_optional(FAISS "${faiss_FOUND}")

# Only libgpt/comm/mpi links it. The C interface, which the C++ compiler finds like any library.
set(MPI_CXX_SKIP_MPICXX ON)
if(NOT GPT_WITH_MPI STREQUAL "OFF")
  find_package(MPI COMPONENTS CXX)
endif()
gpt_optional(MPI "${MPI_CXX_FOUND}")
