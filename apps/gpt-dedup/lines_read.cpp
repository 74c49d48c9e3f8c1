#include "apps/gpt-dedup/lines_read.hpp"

#include <xxhash.h>

namespace gpt::dedup {

LinesRead lines_read(const io::LineBatch& batch) {
  LinesRead read{batch.first_line + batch.size() - 1, 0};
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const std::string_view line = batch.line(i);
    read.sum += XXH3_64bits_withSeed(line.data(), line.size(), batch.first_line + i);
  }
  return read;
}

}  // namespace gpt::dedup
