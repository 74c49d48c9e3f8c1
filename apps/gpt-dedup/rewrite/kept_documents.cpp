#include "apps/gpt-dedup/rewrite/kept_documents.hpp"

#include <utility>

namespace gpt::dedup {

KeptDocuments::KeptDocuments(Corpus& corpus, const CorpusOptions& options, const cli::CommonOptions& common)
    : corpus_(corpus), options_(options), common_(common) {}

void KeptDocuments::keep_only(const Catalogue& catalogue, const std::vector<bool>& kept,
                              std::vector<LinesRead> lines) {
  catalogue_ = &catalogue;
  kept_ = &kept;
  lines_before_ = std::move(lines);
  lines_before_.resize(corpus_.inputs().size());
}

DocumentStretch KeptDocuments::stretch_of(io::LineBatch&& batch, io::DocumentParser& parser) const {
  DocumentStretch stretch;
  stretch.format = corpus_.format(batch.file_index);
  stretch.file = corpus_.inputs()[batch.file_index];
  if (stretch.file == "-") stretch.file = "stdin";
  stretch.parsed = io::parse_batch_or_throw(batch, parser, stretch.format, options_.on_error);
  stretch.lines = std::move(batch);
  stretch.all_documents = stretch.parsed.documents.size();
  if (kept_ == nullptr) return stretch;
  io::DocumentBatch& parsed = stretch.parsed;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < parsed.documents.size(); ++i) {
    // There is none in the line if the file has changed.
    const auto [id, after] = catalogue_->within(stretch.lines.file_index, parsed.lines[i], 1);
    if (id == after || !(*kept_)[id]) continue;
    if (kept != i) {
      parsed.documents[kept] = std::move(parsed.documents[i]);
      parsed.lines[kept] = parsed.lines[i];
    }
    ++kept;
  }
  parsed.documents.resize(kept);
  parsed.lines.resize(kept);
  return stretch;
}

}  // namespace gpt::dedup
