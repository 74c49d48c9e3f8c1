#include "apps/gpt-dedup/filter_stage.hpp"

#include <stdexcept>
#include <utility>

#include "apps/gpt-dedup/record_writer.hpp"
#include "libcommon/log/progress.hpp"
#include "libcommon/threads/ordered_pipeline.hpp"

namespace gpt::dedup {
namespace {

struct KeptLines {
  std::string bytes;
  std::uint64_t documents = 0;
  std::uint64_t seen = 0;  // documents, kept or not
};

class LineFilter {
 public:
  LineFilter(const Corpus& corpus, const Catalogue& catalogue, const DisjointSets& groups,
             const Options& options)
      : corpus_(corpus),
        catalogue_(catalogue),
        groups_(groups),
        writer_(options.output, options.corpus.text_key),
        parser_(options.corpus.text_key) {}

  KeptLines operator()(io::LineBatch&& batch) {
    KeptLines kept;
    const auto [first, last] = catalogue_.within(batch.file_index, batch.first_line, batch.size());
    kept.seen = last - first;
    kept.bytes.reserve(batch.bytes.size() + batch.size());
    for (DocumentId document = first; document < last; ++document) {
      if (groups_.name(document) != document) continue;
      const std::uint64_t line = catalogue_.place(document).line;
      append(kept.bytes, batch, line);
      ++kept.documents;
    }
    return kept;
  }

 private:
  void append(std::string& out, const io::LineBatch& batch, std::uint64_t number) {
    const std::string_view line = batch.line(number - batch.first_line);
    const io::DocumentFormat from = corpus_.format(batch.file_index);
    io::Document document;
    if (writer_.keeps_lines_of(from)) {
      // Its text is not looked at.
    } else if (from == io::DocumentFormat::jsonl) {
      document = parser_.parse_or_throw(line, *batch.file, number);
    } else {
      document.text = line.ends_with('\r') ? line.substr(0, line.size() - 1) : line;
    }
    writer_.append(out, line, document, from);
  }

  const Corpus& corpus_;
  const Catalogue& catalogue_;
  const DisjointSets& groups_;
  RecordWriter writer_;
  io::DocumentParser parser_;
};

}  // namespace

std::uint64_t write_kept(Corpus& corpus, const Catalogue& catalogue, DisjointSets& groups,
                         const Options& options, io::OutputFile& output) {
  groups.flatten();
  std::uint64_t documents = 0;
  std::uint64_t seen = 0;
  log::Progress progress(options.common.progress, "documents written", catalogue.size());
  threads::run_ordered_pipeline(
      options.common.threads, corpus.reading(),
      [&] { return LineFilter(corpus, catalogue, groups, options); },
      [&](KeptLines&& kept) {
        output.write_or_throw(kept.bytes);
        documents += kept.documents;
        seen += kept.seen;
        progress.update(seen);
      });
  progress.finish();
  if (seen != catalogue.size())
    throw std::runtime_error("the inputs changed while they were read: " + std::to_string(catalogue.size()) +
                             " documents at first, then " + std::to_string(seen));
  return documents;
}

}  // namespace gpt::dedup
