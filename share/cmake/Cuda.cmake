# Finds the CUDA toolkit and NCCL, and enables the language CUDA where both nvcc and cuBLASLt are there. No GPU and no
# driver is needed to build. Only targets that name gpt_cuda ever link any of it.
set(GPT_CUDA_OLDEST 12.2)  # the first whose nvcc is at ease with the C++20 of GCC 12
set(CMAKE_CUDA_ARCHITECTURES "80;90" CACHE STRING "GPUs to compile for: 80 is A100, 90 is H100 and H200")

# gpt_find_cuda(): sets gpt_cuda_found, and gpt_cuda_reason where it is not found although nvcc is there.
macro(gpt_find_cuda)
  set(gpt_cuda_found FALSE)
  set(gpt_cuda_reason "")
  # A module file names the toolkit in CUDA_HOME, CUDA_PATH or on the path; the installer puts it into /usr/local/cuda.
  find_program(GPT_NVCC nvcc HINTS ${CUDAToolkit_ROOT} ENV CUDA_HOME ENV CUDA_PATH PATHS /usr/local/cuda
    PATH_SUFFIXES bin DOC "The CUDA compiler")
  if(GPT_NVCC AND NOT DEFINED ENV{CUDACXX})
    set(ENV{CUDACXX} ${GPT_NVCC})
  endif()
  # nvcc takes the host compiler of the rest, not whatever c++ is first on the path.
  if(NOT CMAKE_CUDA_HOST_COMPILER AND NOT DEFINED ENV{CUDAHOSTCXX})
    set(CMAKE_CUDA_HOST_COMPILER ${CMAKE_CXX_COMPILER})
  endif()
  if(GPT_NVCC OR CMAKE_CUDA_COMPILER OR DEFINED ENV{CUDACXX})
    include(CheckLanguage)
    check_language(CUDA)
    if(NOT CMAKE_CUDA_COMPILER)
      set(gpt_cuda_reason "$ENV{CUDACXX} does not work with ${CMAKE_CXX_COMPILER}: see CMakeFiles/CMakeError.log")
    else()
      enable_language(CUDA)
      find_package(CUDAToolkit)
      if(CMAKE_CUDA_COMPILER_VERSION VERSION_LESS GPT_CUDA_OLDEST)
        set(gpt_cuda_reason "nvcc is ${CMAKE_CUDA_COMPILER_VERSION}, needed is ${GPT_CUDA_OLDEST} or newer")
      elseif(NOT TARGET CUDA::cublasLt OR NOT TARGET CUDA::cudart_static)
        set(gpt_cuda_reason "the toolkit of ${CMAKE_CUDA_COMPILER} lacks cuBLASLt or the static runtime")
      else()
        set(gpt_cuda_found TRUE)
      endif()
    endif()
  endif()
  if(gpt_cuda_reason)
    message(STATUS "CUDA is not used: ${gpt_cuda_reason}")
  endif()
endmacro()

if(GPT_SANITIZE AND GPT_WITH_CUDA STREQUAL "AUTO")
  # Sanitizers watch the kernels where they run on the CPU (tests/support/cuda_on_cpu).
  set(gpt_cuda_found FALSE)
elseif(NOT GPT_WITH_CUDA STREQUAL "OFF")
  gpt_find_cuda()
endif()
gpt_optional(CUDA "${gpt_cuda_found}")

if(GPT_HAVE_CUDA)
  set(CMAKE_CUDA_STANDARD 20)
  if(NOT CMAKE_CUDA20_STANDARD_COMPILE_OPTION)  # CMake learnt only after 3.25 that nvcc has it
    set(CMAKE_CUDA20_STANDARD_COMPILE_OPTION -std=c++20)
    set(CMAKE_CUDA20_EXTENSION_COMPILE_OPTION -std=c++20)
  endif()
  set(CMAKE_CUDA_STANDARD_REQUIRED ON)
  set(CMAKE_CUDA_EXTENSIONS OFF)
  gpt_optional_library(NCCL nccl.h nccl $ENV{NCCL_HOME} $ENV{NCCL_ROOT} ${CUDAToolkit_TARGET_DIR}
    ${CUDAToolkit_LIBRARY_ROOT} ${CUDAToolkit_LIBRARY_DIR} ${CUDAToolkit_INCLUDE_DIRS})
else()
  set(GPT_HAVE_NCCL OFF)
  if(GPT_WITH_NCCL STREQUAL "ON")
    message(FATAL_ERROR "GPT_WITH_NCCL is ON but the build is without CUDA (GPT_WITH_CUDA)")
  endif()
endif()
