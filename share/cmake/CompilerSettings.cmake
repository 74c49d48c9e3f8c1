# Warnings, sanitizers and the compiler cache, for every target of the toolkit.
add_compile_options(-Wall -Wextra -Wshadow -Wnon-virtual-dtor -Wold-style-cast)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  add_compile_options(-Wno-restrict)  # false alarms on std::string + in GCC 12 (its bug 105651)
endif()
if(GPT_WERROR)
  add_compile_options(-Werror)
endif()

if(GPT_SANITIZE)
  add_compile_options(-fsanitize=${GPT_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${GPT_SANITIZE})
  add_compile_definitions(GPT_SANITIZED=1)
endif()

# A tool links only what it calls: the login-node tools must not carry a neighbour's libraries.
add_link_options(LINKER:--as-needed)

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
endif()

include_directories(${PROJECT_SOURCE_DIR})
