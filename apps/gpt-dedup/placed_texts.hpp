#pragma once

#include <string>
#include <vector>

#include "apps/gpt-dedup/catalogue.hpp"
#include "apps/gpt-dedup/texts.hpp"
#include "libcommon/io/document.hpp"
#include "libcommon/io/file_descriptor.hpp"
#include "libcommon/io/file_range.hpp"

namespace gpt::dedup {

// One file of a catalogue, or its part, in plain bytes.
struct PlainFile {
  io::FileRange range;
  io::DocumentFormat format = io::DocumentFormat::jsonl;
};

// Texts read where they stand in the inputs, which must be uncompressed files: nothing is copied, nothing is
// read twice that is not asked for twice. Memory: nothing a document.
class PlacedTexts : public Texts {
 public:
  // files: in the order of the catalogue, whose offsets must be given.
  PlacedTexts(const Places& places, const std::vector<PlainFile>& files, std::string text_key);
  std::string text_or_throw(DocumentId document) const override;

 private:
  struct OpenFile {
    std::string path;
    io::FileDescriptor descriptor;  // none when there are very many files
    std::uint64_t first_line = 0;   // offset of the first line
    io::DocumentFormat format;
  };
  const Places& places_;
  std::vector<OpenFile> files_;
  std::string text_key_;
};

}  // namespace gpt::dedup
