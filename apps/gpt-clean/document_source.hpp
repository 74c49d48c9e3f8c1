#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "libcommon/io/file_range.hpp"
#include "libcommon/io/line_reader.hpp"
#include "libcommon/io/shard.hpp"

namespace gpt::clean {

// Where a text file's documents end: at each line end, at blank lines, or with the file.
enum class TextLayout { line, paragraph, file };

// The documents of several inputs, one after the other, in batches for the workers. Of JSON Lines a document
// is a line, whatever the layout.
class DocumentSource {
 public:
  virtual ~DocumentSource() = default;
  // "Lines" are documents: those of paragraphs and files hold '\n' within, and are counted by themselves
  // instead of by lines. Memory: a batch of about 1 MiB, or the largest document.
  virtual std::optional<io::LineBatch> next_or_throw() = 0;
};

// A shard's share of some inputs. Files whose documents do not end at line ends are taken whole.
std::vector<io::FileRange> share_of_documents_or_throw(const std::vector<std::string>& inputs,
                                                       TextLayout layout, io::Shard shard);

std::unique_ptr<DocumentSource> open_documents(const std::vector<io::FileRange>& inputs, TextLayout layout);

}  // namespace gpt::clean
