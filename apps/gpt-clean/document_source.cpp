#include "apps/gpt-clean/document_source.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace gpt::clean {
namespace {

constexpr std::size_t kBatchBytes = std::size_t{1} << 20;

class LineDocuments : public DocumentSource {
 public:
  explicit LineDocuments(const std::vector<io::FileRange>& inputs) : reader_(inputs, kBatchBytes) {}
  std::optional<io::LineBatch> next_or_throw() override { return reader_.next_or_throw(); }

 private:
  io::LineBatchReader reader_;
};

std::string_view without_return(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

bool is_blank(std::string_view line) {
  return std::all_of(line.begin(), line.end(), [](char c) { return c == ' ' || c == '\t'; });
}

// Puts lines together to documents.
class JoinedLineDocuments : public DocumentSource {
 public:
  JoinedLineDocuments(std::vector<io::FileRange> inputs, TextLayout layout)
      : inputs_(std::move(inputs)), layout_(layout) {}

  std::optional<io::LineBatch> next_or_throw() override {
    io::LineBatch batch;
    while (batch.size() == 0) {
      if (!reader_ && !open_next_or_throw()) return std::nullopt;
      batch = rest_of_file_or_throw();
    }
    return batch;
  }

 private:
  bool open_next_or_throw() {
    if (next_input_ == inputs_.size()) return false;
    reader_ = std::make_unique<io::LineReader>(io::open_range_or_throw(inputs_[next_input_++]));
    file_ = std::make_shared<const std::string>(reader_->name());
    next_document_ = 1;
    return true;
  }

  // Up to a full batch; closes the file at its end.
  io::LineBatch rest_of_file_or_throw() {
    io::LineBatch batch;
    batch.file = file_;
    batch.file_index = next_input_ - 1;
    batch.first_line = next_document_;
    while (batch.bytes.size() < kBatchBytes) {
      if (!append_document_or_throw(batch)) {
        reader_.reset();
        break;
      }
    }
    next_document_ += batch.size();
    return batch;
  }

  // False at the end of the file.
  bool append_document_or_throw(io::LineBatch& batch) {
    const std::size_t begin = batch.bytes.size();
    std::size_t end = begin;  // behind the last line that is not blank
    while (const auto read = reader_->next_or_throw()) {
      const std::string_view line = without_return(*read);
      const bool blank = is_blank(line);
      if (blank && end == begin) continue;
      if (blank && layout_ == TextLayout::paragraph) break;
      batch.bytes.append(line);
      if (!blank) end = batch.bytes.size();
      batch.bytes.push_back('\n');
    }
    batch.bytes.resize(end);
    if (end == begin) return false;
    batch.spans.emplace_back(begin, end - begin);
    return true;
  }

  std::vector<io::FileRange> inputs_;
  TextLayout layout_;
  std::size_t next_input_ = 0;
  std::unique_ptr<io::LineReader> reader_;
  std::shared_ptr<const std::string> file_;
  std::uint64_t next_document_ = 1;
};

}  // namespace

std::vector<io::FileRange> share_of_documents_or_throw(const std::vector<std::string>& inputs,
                                                       TextLayout layout, io::Shard shard) {
  if (!shard.is_everything()) {
    std::vector<io::InputFile> files = io::inspect_inputs_or_throw(inputs);
    for (io::InputFile& file : files) file.divisible = file.divisible && layout == TextLayout::line;
    return io::share_of_inputs(files, shard);
  }
  std::vector<io::FileRange> everything;
  for (const auto& path : inputs) everything.push_back({path});
  return everything;
}

std::unique_ptr<DocumentSource> open_documents(const std::vector<io::FileRange>& inputs, TextLayout layout) {
  if (layout == TextLayout::line) return std::make_unique<LineDocuments>(inputs);
  return std::make_unique<JoinedLineDocuments>(inputs, layout);
}

}  // namespace gpt::clean
