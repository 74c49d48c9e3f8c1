#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "libcommon/io/decompress.hpp"

namespace gpt::io {

// A compressed stream in the making.
class Compressor {
 public:
  virtual ~Compressor() = default;
  // Takes bytes in, and appends what has become ready to out.
  virtual void append(std::string_view bytes, std::string& out) = 0;
  // Ends the stream.
  virtual void finish(std::string& out) = 0;
};

// Null for Compression::none. path: for messages. Throws IoError when the library cannot be set up.
std::unique_ptr<Compressor> make_compressor(Compression compression, const std::string& path);

}  // namespace gpt::io
