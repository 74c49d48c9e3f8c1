#pragma once

#include <string>

#include <simdjson.h>

#include "apps/gpt-dedup/stages/section_file.hpp"
#include "libcommon/io/errors.hpp"

namespace gpt::dedup {

// The JSON object at the beginning of a stage's file, as `read` takes it from its element. Throws
// io::DataError naming the file where it is no JSON, or lacks what `read` asks for.
template <class Read>
auto parsed_header_or_throw(const SectionReader& reader, const std::string& path, Read read) {
  try {
    simdjson::dom::parser parser;
    return read(parser.parse(simdjson::padded_string(reader.header())));
  } catch (const simdjson::simdjson_error& error) {
    throw io::DataError(path, std::string("its beginning cannot be read: ") + error.what());
  }
}

}  // namespace gpt::dedup
