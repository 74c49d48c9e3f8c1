#include "apps/gpt-dedup/digest_stage.hpp"

#include <utility>

#include "apps/gpt-dedup/exact.hpp"
#include "apps/gpt-dedup/minhash.hpp"
#include "apps/gpt-dedup/shingles.hpp"
#include "libcommon/io/document_batch.hpp"
#include "libcommon/log/progress.hpp"
#include "libcommon/threads/ordered_pipeline.hpp"

namespace gpt::dedup {
namespace {

struct DigestedBatch {
  std::size_t file = 0;
  std::vector<std::uint64_t> lines;
  std::vector<Digest> digests;
  std::vector<std::uint32_t> signatures;  // one after the other
  io::RecordErrors errors;
};

// What one worker keeps between batches.
class BatchDigester {
 public:
  BatchDigester(const Corpus& corpus, const Options& options)
      : corpus_(corpus),
        options_(options),
        parser_(options.corpus.text_key),
        shingler_(options.minhash.char_ngram),
        hasher_(options.minhash.seeds, options.common.seed) {}

  DigestedBatch operator()(io::LineBatch&& batch) {
    io::FieldBatch parsed =
        io::parse_fields_or_throw(batch, parser_, corpus_.format(batch.file_index),
                                  std::span(&options_.corpus.text_key, 1), options_.corpus.on_error);
    DigestedBatch out;
    out.file = batch.file_index;
    out.lines = std::move(parsed.lines);
    out.errors = std::move(parsed.errors);
    const auto seeds = static_cast<std::size_t>(options_.minhash.seeds);
    if (options_.method == Method::minhash) out.signatures.resize(parsed.values.size() * seeds);
    for (std::size_t i = 0; i < parsed.values.size(); ++i) {
      const std::string& text = parsed.values[i].front();
      out.digests.push_back(digester_.digest(text));
      if (options_.method == Method::minhash)
        hasher_.sign(shingler_, text, std::span(out.signatures).subspan(i * seeds, seeds));
    }
    return out;
  }

 private:
  const Corpus& corpus_;
  const Options& options_;
  io::DocumentParser parser_;
  TextDigester digester_;
  Shingler shingler_;
  MinHasher hasher_;
};

}  // namespace

DigestedCorpus digest_corpus(Corpus& corpus, const Options& options) {
  const auto seeds = static_cast<std::size_t>(options.minhash.seeds);
  DigestedCorpus result{{}, {}, SignatureStore(seeds), {}, 0, io::RecordErrors(options.corpus.on_error)};
  FirstSeen first_seen;
  log::Progress progress(options.common.progress, "documents read");

  const auto enter = [&](DigestedBatch&& batch) {
    result.errors.absorb(batch.errors);
    for (std::size_t i = 0; i < batch.lines.size(); ++i) {
      const DocumentId document = result.catalogue.add({batch.file, batch.lines[i]});
      result.groups.add();
      const auto first = first_seen.find_or_add(batch.digests[i], document);
      if (first) {
        result.groups.unite(*first, document);
        ++result.exact_duplicates;
        if (options.pairs) result.equal.push_back({*first, document, {}, {}});
      } else if (options.method == Method::minhash) {
        result.signatures.add(document, std::span(batch.signatures).subspan(i * seeds, seeds));
      }
    }
    progress.update(result.catalogue.size());
  };
  threads::run_ordered_pipeline(
      options.common.threads, corpus.reading(), [&] { return BatchDigester(corpus, options); }, enter);
  progress.finish();
  return result;
}

}  // namespace gpt::dedup
