#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "apps/gpt-dedup/catalogue.hpp"
#include "apps/gpt-dedup/corpus.hpp"
#include "apps/gpt-dedup/digest_stage.hpp"
#include "libcommon/cli/command.hpp"
#include "libcommon/io/output_file.hpp"

namespace gpt::dedup {

// How kept documents are written.
struct Writing {
  const std::string& name;      // of the output: it says the format
  const std::string& text_key;  // of documents that were no records
  const cli::CommonOptions& common;
};

// Last stage. In: what is kept, one flag a document. Out: the kept documents, in input order. The first
// files, `passed_over` of them, are not read. lines: of every file in the first reading, empty ones at the
// end may be left out. Returns how many. Throws std::runtime_error when an input is not what it was then.
std::uint64_t write_kept(Corpus& corpus, const Catalogue& catalogue, std::vector<LinesRead> lines,
                         const std::vector<bool>& kept, std::size_t passed_over, const Writing& writing,
                         io::OutputFile& output);

}  // namespace gpt::dedup
