#include "libcommon/io/file_name.hpp"

#include <algorithm>

#include "libcommon/io/decompress.hpp"

namespace gpt::io {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

bool name_ends_with(std::string_view name, std::string_view ending) {
  return name.size() >= ending.size() && std::equal(ending.begin(), ending.end(), name.end() - ending.size(),
                                                    [](char wanted, char c) { return lower(c) == wanted; });
}

std::string_view without_compression(std::string_view name) {
  return compression_of_name(name) == Compression::none ? name : name.substr(0, name.rfind('.'));
}

}  // namespace gpt::io
