#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "apps/gpt-dedup/catalogue.hpp"
#include "apps/gpt-dedup/corpus.hpp"
#include "apps/gpt-dedup/corpus_options.hpp"
#include "libcommon/io/document_batch.hpp"
#include "libcommon/log/progress.hpp"
#include "libcommon/threads/ordered_pipeline.hpp"

namespace gpt::dedup {

// Some documents of one input, in order, with the lines they were read from.
struct DocumentStretch {
  io::LineBatch lines;
  io::DocumentBatch parsed;
  io::DocumentFormat format = io::DocumentFormat::jsonl;
  std::string file;  // as it was named, or "stdin"

  std::string_view line(std::size_t i) const { return lines.line(parsed.lines[i] - lines.first_line); }
};

// What the stages that change texts read, several times: the documents of a corpus, or those of it that
// deduplication keeps.
class KeptDocuments {
 public:
  KeptDocuments(Corpus& corpus, const CorpusOptions& options, const cli::CommonOptions& common);

  // From now on only those with their flag set. Both must outlive this.
  void keep_only(const Catalogue& catalogue, const std::vector<bool>& kept);

  // Reads them all. make_work: as of run_ordered_pipeline, its work takes a DocumentStretch&&; gather takes
  // what it makes, in input order.
  template <class MakeWork, class Gather>
  void read(const std::string& what_is_done, MakeWork make_work, Gather gather) {
    log::Progress progress(common_.progress, what_is_done, documents_);
    documents_ = 0;
    errors_ = io::RecordErrors(options_.on_error);
    const auto make_reading_work = [&] {
      return [&, parser = io::DocumentParser(options_.text_key),
              work = make_work()](io::LineBatch&& batch) mutable {
        DocumentStretch stretch = stretch_of(std::move(batch), parser);
        Read<decltype(work(std::move(stretch)))> out;
        out.documents = stretch.parsed.documents.size();
        out.errors = stretch.parsed.errors;
        out.made = work(std::move(stretch));
        return out;
      };
    };
    threads::run_ordered_pipeline(common_.threads, corpus_.reading(), make_reading_work, [&](auto&& out) {
      documents_ += out.documents;
      errors_.absorb(out.errors);
      gather(std::move(out.made));
      progress.update(documents_);
    });
    progress.finish();
  }

  // Of the last reading.
  std::uint64_t documents() const { return documents_; }
  const io::RecordErrors& errors() const { return errors_; }

  const Corpus& corpus() const { return corpus_; }
  const cli::CommonOptions& common() const { return common_; }
  const std::string& text_key() const { return options_.text_key; }

 private:
  template <class Made>
  struct Read {
    std::uint64_t documents = 0;
    io::RecordErrors errors;
    Made made;
  };
  DocumentStretch stretch_of(io::LineBatch&& batch, io::DocumentParser& parser) const;

  Corpus& corpus_;
  const CorpusOptions& options_;
  const cli::CommonOptions& common_;
  const Catalogue* catalogue_ = nullptr;
  const std::vector<bool>* kept_ = nullptr;
  std::uint64_t documents_ = 0;
  io::RecordErrors errors_;
};

}  // namespace gpt::dedup
