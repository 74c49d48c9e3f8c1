#pragma once

#include <string>
#include <vector>

#include "apps/gpt-dedup/catalogue.hpp"
#include "apps/gpt-dedup/corpus.hpp"
#include "apps/gpt-dedup/corpus_options.hpp"
#include "apps/gpt-dedup/lines_read.hpp"
#include "apps/gpt-dedup/spool_file.hpp"
#include "apps/gpt-dedup/texts.hpp"

namespace gpt::dedup {

// The texts of the documents that share a bucket with another, in a temporary file. Memory: 12 bytes each.
class CandidateTexts : public Texts {
 public:
  explicit CandidateTexts(SpoolFile spool) : spool_(std::move(spool)) {}

  // Documents ascend.
  void add_or_throw(DocumentId document, std::string_view text);
  void finish_or_throw() { spool_.flush_or_throw(); }
  std::string text_or_throw(DocumentId document) const override;

 private:
  SpoolFile spool_;
  std::vector<DocumentId> documents_;
  std::vector<std::uint64_t> offsets_;
};

// Reads the corpus again for the texts of the wanted documents (one flag a document). lines: of every file in
// the first reading. Throws std::runtime_error where an input is not what it was then.
CandidateTexts collect_texts(Corpus& corpus, const Catalogue& catalogue, std::vector<LinesRead> lines,
                             const std::vector<bool>& wanted, const CorpusOptions& options,
                             const cli::CommonOptions& common);

}  // namespace gpt::dedup
