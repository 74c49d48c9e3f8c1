#include "apps/gpt-dedup/stream_stage.hpp"

#include <string>
#include <utility>

#include "apps/gpt-dedup/digester.hpp"
#include "apps/gpt-dedup/line_copier.hpp"
#include "libcommon/log/progress.hpp"
#include "libcommon/threads/ordered_pipeline.hpp"

namespace gpt::dedup {
namespace {

struct DigestedLines {
  io::LineBatch lines;
  DigestedBatch documents;
};

class FirstSeenWriter {
 public:
  FirstSeenWriter(const Corpus& corpus, const Options& options, io::OutputFile& output)
      : corpus_(corpus),
        references_(options.corpus.against.size()),
        output_(output),
        copier_(options.output, options.corpus.text_key),
        counts_{0, 0, 0, io::RecordErrors(options.corpus.on_error)} {}

  void take(DigestedLines&& batch) {
    counts_.errors.absorb(batch.documents.errors);
    const bool reference = batch.lines.file_index < references_;
    bytes_.clear();
    for (std::size_t i = 0; i < batch.documents.lines.size(); ++i) {
      ++(reference ? counts_.references : counts_.in);
      if (first_seen_.find_or_add(batch.documents.digests[i], 0) || reference) continue;
      copier_.append_or_throw(bytes_, batch.lines, batch.documents.lines[i],
                              corpus_.format(batch.lines.file_index));
      ++counts_.out;
    }
    output_.write_or_throw(bytes_);
  }
  const StreamCounts& counts() const { return counts_; }

 private:
  const Corpus& corpus_;
  std::size_t references_;
  io::OutputFile& output_;
  LineCopier copier_;
  FirstSeen first_seen_;
  StreamCounts counts_;
  std::string bytes_;
};

}  // namespace

StreamCounts stream_first_seen(Corpus& corpus, const Options& options, io::OutputFile& output) {
  FirstSeenWriter writer(corpus, options, output);
  log::Progress progress(options.common.progress, "documents");
  const auto make_work = [&] {
    return [digester = BatchDigester(corpus, options)](io::LineBatch&& batch) mutable {
      DigestedBatch documents = digester.digest_or_throw(batch);
      return DigestedLines{std::move(batch), std::move(documents)};
    };
  };
  threads::run_ordered_pipeline(options.common.threads, corpus.reading(), make_work,
                                [&](DigestedLines&& batch) {
                                  writer.take(std::move(batch));
                                  progress.update(writer.counts().in);
                                });
  progress.finish();
  return writer.counts();
}

}  // namespace gpt::dedup
