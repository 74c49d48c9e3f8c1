#include "apps/gpt-dedup/digest_stage.hpp"

#include <utility>

#include "apps/gpt-dedup/digester.hpp"
#include "libcommon/log/progress.hpp"
#include "libcommon/threads/ordered_pipeline.hpp"

namespace gpt::dedup {
namespace {

struct PlacedBatch {
  std::size_t file = 0;
  std::vector<std::uint64_t> offsets;  // of the documents' lines from the beginning of the batch
  LinesRead lines;
  std::uint64_t bytes = 0;  // of all lines, each with its '\n'
  DigestedBatch documents;
};

PlacedBatch placed(const io::LineBatch& batch, DigestedBatch documents) {
  PlacedBatch out{batch.file_index, {}, lines_read(batch), 0, std::move(documents)};
  std::size_t next = 0;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    if (next < out.documents.lines.size() && out.documents.lines[next] == batch.first_line + i) {
      out.offsets.push_back(out.bytes);
      ++next;
    }
    out.bytes += batch.spans[i].second + 1;
  }
  return out;
}

// Takes in what the workers found, in the order of the input.
class Collector {
 public:
  Collector(const Options& options)
      : options_(options),
        seeds_(static_cast<std::size_t>(options.minhash.seeds)),
        result_{{}, {}, {}, SignatureStore(seeds_), {}, {}, 0, io::RecordErrors(options.corpus.on_error)} {}

  void enter(PlacedBatch&& batch) {
    if (batch.file != file_) bytes_before_ = 0;
    file_ = batch.file;
    result_.errors.absorb(batch.documents.errors);
    for (std::size_t i = 0; i < batch.offsets.size(); ++i)
      enter_document(batch.documents, i,
                     {batch.file, batch.documents.lines[i], bytes_before_ + batch.offsets[i]});
    bytes_before_ += batch.bytes;
    result_.lines_of_files.resize(batch.file + 1);
    LinesRead& lines = result_.lines_of_files[batch.file];
    lines = {batch.lines.count, lines.sum + batch.lines.sum};
  }
  std::uint64_t documents() const { return result_.catalogue.size(); }
  DigestedCorpus finish() && {
    result_.groups.flatten();
    return std::move(result_);
  }

 private:
  void enter_document(const DigestedBatch& batch, std::size_t i, Place place) {
    const DocumentId document = result_.catalogue.add(place);
    result_.groups.add();
    if (!batch.scores.empty()) result_.scores.push_back(batch.scores[i]);
    if (const auto first = result_.first_seen.find_or_add(batch.digests[i], document)) {
      result_.groups.unite(*first, document);
      ++result_.exact_duplicates;
    } else if (options_.method == Method::minhash) {
      result_.signatures.add(document, std::span(batch.signatures).subspan(i * seeds_, seeds_));
    }
  }

  const Options& options_;
  std::size_t seeds_;
  DigestedCorpus result_;
  std::size_t file_ = 0;
  std::uint64_t bytes_before_ = 0;  // in the file
};

}  // namespace

DigestedCorpus digest_corpus(Corpus& corpus, const Options& options) {
  Collector collector(options);
  log::Progress progress(options.common.progress, "documents read");
  const auto make_work = [&] {
    return [digester = BatchDigester(corpus, options)](io::LineBatch&& batch) mutable {
      return placed(batch, digester.digest_or_throw(batch));
    };
  };
  const auto enter = [&](PlacedBatch&& batch) {
    collector.enter(std::move(batch));
    progress.update(collector.documents());
  };
  threads::run_ordered_pipeline(options.common.threads, corpus.reading(), make_work, enter);
  progress.finish();
  return std::move(collector).finish();
}

}  // namespace gpt::dedup
