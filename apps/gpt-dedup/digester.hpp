#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "apps/gpt-dedup/corpus.hpp"
#include "apps/gpt-dedup/exact.hpp"
#include "apps/gpt-dedup/near/minhash.hpp"
#include "apps/gpt-dedup/near/shingles.hpp"
#include "apps/gpt-dedup/number_field.hpp"
#include "apps/gpt-dedup/options.hpp"
#include "libcommon/io/document.hpp"
#include "libcommon/io/line_reader.hpp"
#include "libcommon/io/record_errors.hpp"

namespace gpt::dedup {

// What a worker finds out about the documents of some lines.
struct DigestedBatch {
  std::vector<std::uint64_t> lines;       // of the documents, in their file, from 1
  std::vector<Digest> digests;            // of the text, or of the address with Method::url
  std::vector<std::uint32_t> signatures;  // one after the other, with Method::minhash
  std::vector<double> scores;             // where KeepOptions ask for it
  io::RecordErrors errors;
};

// Digests batches of lines; one a thread.
class BatchDigester {
 public:
  BatchDigester(const Corpus& corpus, const Options& options);
  DigestedBatch digest_or_throw(const io::LineBatch& batch);

 private:
  double score(std::string_view line, io::DocumentFormat format, const std::string& text);

  const Corpus& corpus_;
  const Options& options_;
  std::vector<std::string> keys_;
  io::DocumentParser parser_;
  TextDigester digester_;
  Shingler shingler_;
  MinHasher hasher_;
  std::optional<NumberField> number_;
};

}  // namespace gpt::dedup
