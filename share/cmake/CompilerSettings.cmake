# Warnings, sanitizers and the compiler cache, for every target of the toolkit.
add_compile_options("$<$<COMPILE_LANGUAGE:CXX>:-Wall;-Wextra;-Wshadow;-Wnon-virtual-dtor;-Wold-style-cast>")
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  set(restrict -Wno-restrict)  # false alarms on std::string + in GCC 12 (its bug 105651)
  add_compile_options($<$<COMPILE_LANGUAGE:CXX>:${restrict}>)
endif()
if(GPT_WERROR)
  add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-Werror>)
endif()

if(GPT_HAVE_CUDA)
  # The host half of a .cu file passes through nvcc's rewriting, whose casts are of the old style. Line numbers cost no
  # speed and let ncu and compute-sanitizer name them.
  list(JOIN restrict "," restrict)
  add_compile_options(
    "$<$<COMPILE_LANGUAGE:CUDA>:-Xcompiler=-Wall,-Wextra$<$<BOOL:${restrict}>:,${restrict}>;-lineinfo;--expt-relaxed-constexpr>")
  if(GPT_WERROR)
    add_compile_options("$<$<COMPILE_LANGUAGE:CUDA>:-Werror=all-warnings;-Xcompiler=-Werror>")
  endif()
endif()

if(GPT_SANITIZE)
  add_compile_options("$<$<COMPILE_LANGUAGE:CXX>:-fsanitize=${GPT_SANITIZE};-fno-omit-frame-pointer>")
  add_link_options(-fsanitize=${GPT_SANITIZE})
  add_compile_definitions(GPT_SANITIZED=1)
endif()

if(GPT_LIBFUZZER)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    message(FATAL_ERROR "GPT_LIBFUZZER needs clang, and the compiler is ${CMAKE_CXX_COMPILER_ID} "
      "${CMAKE_CXX_COMPILER_VERSION}. Debian has clang and libomp-dev; `cmake --preset fuzz` takes it. Without it the "
      "same targets run in ctest (label fuzz), on damaged samples.")
  endif()
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

# A tool links only what it calls: the login-node tools must not carry a neighbour's libraries.
add_link_options(LINKER:--as-needed)

find_program(CCACHE_PROGRAM ccache)
foreach(language CXX CUDA)
  if(CCACHE_PROGRAM AND NOT CMAKE_${language}_COMPILER_LAUNCHER)
    set(CMAKE_${language}_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
  endif()
endforeach()

include_directories(${PROJECT_SOURCE_DIR})
