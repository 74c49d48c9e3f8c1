#include "apps/gpt-dedup/filter_stage.hpp"

#include <stdexcept>
#include <utility>

#include "apps/gpt-dedup/line_copier.hpp"
#include "apps/gpt-dedup/lines_watch.hpp"
#include "libcommon/log/progress.hpp"
#include "libcommon/threads/ordered_pipeline.hpp"

namespace gpt::dedup {
namespace {

struct KeptLines {
  std::string bytes;
  std::uint64_t documents = 0;
  std::uint64_t seen = 0;  // documents, kept or not
  std::size_t file = 0;
  LinesRead lines;
};

class LineFilter {
 public:
  LineFilter(const Corpus& corpus, const Catalogue& catalogue, const std::vector<bool>& kept,
             const Writing& writing)
      : corpus_(corpus), catalogue_(catalogue), kept_(kept), copier_(writing.name, writing.text_key) {}

  KeptLines operator()(io::LineBatch&& batch) {
    KeptLines kept;
    kept.file = batch.file_index;
    kept.lines = lines_read(batch);
    const auto [first, last] = catalogue_.within(batch.file_index, batch.first_line, batch.size());
    kept.seen = last - first;
    kept.bytes.reserve(batch.bytes.size() + batch.size());
    for (DocumentId document = first; document < last; ++document) {
      if (!kept_[document]) continue;
      copier_.append_or_throw(kept.bytes, batch, catalogue_.place(document).line,
                              corpus_.format(batch.file_index));
      ++kept.documents;
    }
    return kept;
  }

 private:
  const Corpus& corpus_;
  const Catalogue& catalogue_;
  const std::vector<bool>& kept_;
  LineCopier copier_;
};

}  // namespace

std::uint64_t write_kept(Corpus& corpus, const Catalogue& catalogue, std::vector<LinesRead> lines_before,
                         const std::vector<bool>& kept, std::size_t passed_over, const Writing& writing,
                         io::OutputFile& output) {
  const std::uint64_t expected = catalogue.size() - catalogue.within(passed_over, 0, 0).first;
  std::uint64_t documents = 0;
  std::uint64_t seen = 0;
  LinesWatch watch(std::move(lines_before), corpus.inputs().size());
  log::Progress progress(writing.common.progress, "documents written", expected);
  threads::run_ordered_pipeline(
      writing.common.threads, corpus.reading(passed_over),
      [&] { return LineFilter(corpus, catalogue, kept, writing); },
      [&](KeptLines&& lines) {
        output.write_or_throw(lines.bytes);
        documents += lines.documents;
        seen += lines.seen;
        watch.see(lines.file, lines.lines);
        progress.update(seen);
      });
  progress.finish();
  if (seen != expected)
    throw std::runtime_error("the inputs changed while they were read: " + std::to_string(expected) +
                             " documents at first, then " + std::to_string(seen));
  watch.check_or_throw(corpus.inputs(), passed_over);
  return documents;
}

}  // namespace gpt::dedup
