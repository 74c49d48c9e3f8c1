#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "apps/gpt-dedup/catalogue.hpp"
#include "apps/gpt-dedup/corpus.hpp"
#include "apps/gpt-dedup/corpus_options.hpp"
#include "apps/gpt-dedup/lines_watch.hpp"
#include "libcommon/io/document_batch.hpp"
#include "libcommon/log/progress.hpp"
#include "libcommon/threads/ordered_pipeline.hpp"

namespace gpt::dedup {

// Some documents of one input, in order, with the lines they were read from.
struct DocumentStretch {
  io::LineBatch lines;
  io::DocumentBatch parsed;
  io::DocumentFormat format = io::DocumentFormat::jsonl;
  std::string file;                 // as it was named, or "stdin"
  std::uint64_t all_documents = 0;  // that stand in these lines, kept or not

  std::string_view line(std::size_t i) const { return lines.line(parsed.lines[i] - lines.first_line); }
};

// What the stages that change texts read, several times: the documents of a corpus, or those of it that
// deduplication keeps.
class KeptDocuments {
 public:
  KeptDocuments(Corpus& corpus, const CorpusOptions& options, const cli::CommonOptions& common);

  // From now on only those with their flag set. Both must outlive this. lines: of every file when the
  // documents were catalogued; empty ones at the end may be left out.
  void keep_only(const Catalogue& catalogue, const std::vector<bool>& kept, std::vector<LinesRead> lines);

  // Reads them all. make_work: as of run_ordered_pipeline, its work takes a DocumentStretch&&; gather takes
  // what it makes, in input order. Throws std::runtime_error when an input is not what it was before.
  template <class MakeWork, class Gather>
  void read(const std::string& what_is_done, MakeWork make_work, Gather gather) {
    log::Progress progress(common_.progress, what_is_done, documents_);
    documents_ = handed_on_ = 0;
    LinesWatch watch(lines_before_, corpus_.inputs().size());
    errors_ = io::RecordErrors(options_.on_error);
    const auto make_reading_work = [&] {
      return [&, parser = io::DocumentParser(options_.text_key),
              work = make_work()](io::LineBatch&& batch) mutable {
        Read<decltype(work(std::declval<DocumentStretch>()))> out;
        out.file = batch.file_index;
        out.lines = lines_read(batch);
        DocumentStretch stretch = stretch_of(std::move(batch), parser);
        out.documents = stretch.all_documents;
        out.handed_on = stretch.parsed.documents.size();
        out.errors = stretch.parsed.errors;
        out.made = work(std::move(stretch));
        return out;
      };
    };
    threads::run_ordered_pipeline(common_.threads, corpus_.reading(), make_reading_work, [&](auto&& out) {
      documents_ += out.documents;
      handed_on_ += out.handed_on;
      watch.see(out.file, out.lines);
      errors_.absorb(out.errors);
      gather(std::move(out.made));
      progress.update(documents_);
    });
    progress.finish();
    if (lines_before_.empty())
      lines_before_ = watch.lines();
    else
      watch.check_or_throw(corpus_.inputs(), 0);
  }

  // Of the last reading.
  std::uint64_t documents() const { return documents_; }
  std::uint64_t handed_on() const { return handed_on_; }  // of those, the kept ones
  const io::RecordErrors& errors() const { return errors_; }

  const Corpus& corpus() const { return corpus_; }
  const cli::CommonOptions& common() const { return common_; }
  const std::string& text_key() const { return options_.text_key; }

 private:
  template <class Made>
  struct Read {
    std::size_t file = 0;
    LinesRead lines;
    std::uint64_t documents = 0;
    std::uint64_t handed_on = 0;
    io::RecordErrors errors;
    Made made;
  };
  DocumentStretch stretch_of(io::LineBatch&& batch, io::DocumentParser& parser) const;

  Corpus& corpus_;
  const CorpusOptions& options_;
  const cli::CommonOptions& common_;
  const Catalogue* catalogue_ = nullptr;
  const std::vector<bool>* kept_ = nullptr;
  std::vector<LinesRead> lines_before_;  // by file; none before the first reading
  std::uint64_t documents_ = 0;
  std::uint64_t handed_on_ = 0;
  io::RecordErrors errors_;
};

}  // namespace gpt::dedup
