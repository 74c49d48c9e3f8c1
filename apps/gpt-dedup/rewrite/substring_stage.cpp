#include "apps/gpt-dedup/rewrite/substring_stage.hpp"

#include <utility>

#include "apps/gpt-dedup/rewrite/substrings.hpp"
#include "libcommon/cli/stop_signals.hpp"

namespace gpt::dedup {
namespace {

// The documents of one shard, from which repeats are taken when it is full.
class ShardRewriter {
 public:
  ShardRewriter(const SubstringOptions& options, const RecordWriter& writer, const LineSink& output)
      : options_(options), writer_(writer), output_(output) {}

  // A shard takes document by document, so that it does not depend on what is read together.
  void add(DocumentStretch&& stretch) {
    waiting_.push_back({std::move(stretch)});
    for (std::size_t i = 0; i < waiting_.back().stretch.parsed.documents.size(); ++i) {
      std::string text = std::move(waiting_.back().stretch.parsed.documents[i].text);
      if (shard_.texts() > 0 && shard_.bytes() + text.size() + 1 > options_.shard_bytes) write_out();
      shard_.add(text);
      ++waiting_.back().in_shard;
    }
  }

  RewriteResult finish() && {
    write_out();
    result_.reasons = {{"repeated_substrings", emptied_}};
    result_.counts = {{"bytes_of_text", bytes_}, {"bytes_removed", removed_}, {"shards", shards_}};
    result_.summary = std::to_string(removed_) + " of " + std::to_string(bytes_) +
                      " bytes of text taken out of " + std::to_string(result_.documents_changed) +
                      " documents, " + std::to_string(emptied_) + " of which went";
    return std::move(result_);
  }

 private:
  struct Waiting {
    DocumentStretch stretch;
    std::size_t written = 0;   // documents of it
    std::size_t in_shard = 0;  // those and the ones in the shard
  };

  // The last stretch stays: more of it may come.
  void write_out() {
    if (shard_.texts() == 0) return;
    const std::vector<std::vector<ByteRange>> repeats = shard_.repeats(options_.length);
    ++shards_;
    std::size_t text = 0;
    for (Waiting& waiting : waiting_) {
      cli::throw_if_stop_requested();
      std::string lines;
      for (std::size_t& i = waiting.written; i < waiting.in_shard; ++i, ++text)
        append(lines, waiting.stretch, i, shard_.text(text), repeats[text]);
      output_(lines);
    }
    waiting_.erase(waiting_.begin(), waiting_.end() - 1);
    shard_.clear();
  }

  void append(std::string& lines, DocumentStretch& stretch, std::size_t i, std::string_view text,
              const std::vector<ByteRange>& repeats) {
    io::Document& document = stretch.parsed.documents[i];
    document.text = without_ranges(text, repeats);
    bytes_ += text.size();
    removed_ += text.size() - document.text.size();
    if (repeats.empty()) {
      writer_.append(lines, stretch.line(i), document, stretch.format);
    } else {
      ++result_.documents_changed;
      if (document.text.find_first_not_of(" \t\r\n\v\f") == std::string::npos) {
        ++emptied_;
        return;
      }
      writer_.append_changed(lines, document, stretch.format);
    }
    ++result_.documents_out;
    std::string().swap(document.text);
  }

  const SubstringOptions& options_;
  const RecordWriter& writer_;
  const LineSink& output_;
  std::vector<Waiting> waiting_;
  TextShard shard_;
  RewriteResult result_;
  std::uint64_t shards_ = 0;
  std::uint64_t bytes_ = 0;
  std::uint64_t removed_ = 0;
  std::uint64_t emptied_ = 0;
};

}  // namespace

RewriteResult remove_repeated_substrings(KeptDocuments& documents, const SubstringOptions& options,
                                         const RecordWriter& writer, const LineSink& output) {
  ShardRewriter rewriter(options, writer, output);
  const auto make_work = [] { return [](DocumentStretch&& stretch) { return std::move(stretch); }; };
  documents.read("documents searched", make_work,
                 [&](DocumentStretch&& stretch) { rewriter.add(std::move(stretch)); });
  return std::move(rewriter).finish();
}

}  // namespace gpt::dedup
