#pragma once

#include <memory>
#include <string_view>

#include "libcommon/io/byte_source.hpp"

namespace gpt::io {

enum class Compression { none, gzip, zstd };

// By the first four bytes of a file.
Compression recognise_compression(std::string_view head);
// By the ending of a name: ".gz", ".zst".
Compression compression_of_name(std::string_view path);

// The decompressed bytes of a source; several members one after the other read as one. Damaged or truncated
// input throws DataError with the name of the source.
std::unique_ptr<ByteSource> decompressed(Compression compression, std::unique_ptr<ByteSource> source);

}  // namespace gpt::io
