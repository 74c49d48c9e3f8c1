#include <filesystem>

#include "apps/gpt-dedup/filter_stage.hpp"
#include "apps/gpt-dedup/stages/kept_file.hpp"
#include "apps/gpt-dedup/stages/shared_corpus.hpp"
#include "apps/gpt-dedup/stages/stage_output.hpp"
#include "apps/gpt-dedup/stages/stages.hpp"
#include "apps/gpt-dedup/stages/written_file.hpp"
#include "libcommon/cli/errors.hpp"
#include "libcommon/cli/run_files.hpp"
#include "libcommon/io/errors.hpp"
#include "libcommon/log/logger.hpp"
#include "libcommon/log/run_report.hpp"

namespace gpt::dedup {
namespace {

// The documents of a share that can be written: those of its references are not even read.
struct WritableShare {
  std::vector<io::FileRange> ranges;
  std::vector<io::DocumentFormat> formats;
  std::vector<LinesRead> lines;
  Catalogue catalogue;
  std::vector<bool> kept;
};

WritableShare writable_share(const SignatureFile& share, const std::vector<bool>& kept, DocumentId first) {
  WritableShare result;
  DocumentId document = 0;
  for (const SharePart& part : share.header().parts) {
    if (part.reference) {
      document += static_cast<DocumentId>(part.documents);
      continue;
    }
    for (std::uint64_t i = 0; i < part.documents; ++i, ++document) {
      result.catalogue.add({result.ranges.size(), share.lines()[document]});
      result.kept.push_back(kept[first + document]);
    }
    result.ranges.push_back(part.range);
    result.formats.push_back(part.format);
    result.lines.push_back(part.lines);
  }
  return result;
}

KeptFile kept_file_or_throw(const std::string& folder, const SharedCorpus& corpus) {
  const std::string path = kept_file_name(folder);
  KeptFile file = read_kept_file_or_throw(path);
  if (file.header.documents != corpus.documents() || file.header.corpus != corpus.fingerprint())
    throw io::DataError(path,
                        "was made of other signature files than those that lie beside it: run gpt-dedup "
                        "pairs and groups again");
  return file;
}

void check_shard_or_throw(const FilterOptions& options, const SharedCorpus& corpus) {
  const io::Shard shard = options.stage.shard;
  if (!shard.is_everything() && static_cast<std::size_t>(shard.world) != corpus.shares().size())
    throw cli::UsageError("--world " + std::to_string(shard.world) + " differs from the " +
                          std::to_string(corpus.shares().size()) + " shares of gpt-dedup signatures");
}

void check_files_of(const FilterOptions& options, const SharedCorpus& corpus, const std::string& part) {
  const std::string& folder = options.stage.folder;
  cli::RunFiles files;
  files.add_output("--output", part);
  files.add_inputs("--work", stage_files_or_throw(folder, "signatures"));
  files.add_input("--work", kept_file_name(folder));
  files.add_inputs("an input of the signatures", corpus.part_names());
  cli::check_files_or_throw(std::move(files), options.stage.common.report);
}

// Not stdout, a device or a pipe.
bool becomes_a_file(const std::string& output) {
  return output != "-" && (!std::filesystem::exists(output) || std::filesystem::is_regular_file(output));
}

}  // namespace

cli::ExitCode run(const FilterOptions& options) {
  log::RunReport report("gpt-dedup filter");
  const io::Shard shard = options.stage.shard;
  const std::string path = io::part_name(options.output, shard);
  const SharedCorpus corpus = SharedCorpus::open_or_throw(options.stage.folder);
  check_shard_or_throw(options, corpus);
  check_files_of(options, corpus, path);
  corpus.check_inputs_or_throw();
  const KeptFile kept = kept_file_or_throw(options.stage.folder, corpus);
  const std::string written = written_file_name(options.stage.folder, path);
  const auto there = [&] { return read_written_file_or_throw(written, path).settings(); };
  const WrittenHeader header{kept.fingerprint};
  remove_leftovers(written);
  auto output = open_stage_output({path, header.settings(), there}, options.stage);
  if (!output) return cli::ExitCode::done;
  const Writing writing{path, corpus.settings().text_key, options.stage.common};
  std::uint64_t in = 0;
  std::uint64_t out = 0;
  for (std::size_t share = 0; share < corpus.shares().size(); ++share) {
    if (!shard.is_everything() && share != static_cast<std::size_t>(shard.rank)) continue;
    corpus.shares()[share].verify_places_or_throw();
    WritableShare writable = writable_share(corpus.shares()[share], kept.kept, corpus.first_document(share));
    Corpus inputs(std::move(writable.ranges), std::move(writable.formats));
    out +=
        write_kept(inputs, writable.catalogue, std::move(writable.lines), writable.kept, 0, writing, *output);
    in += writable.catalogue.size();
  }
  if (becomes_a_file(path)) write_written_file_or_throw(written, header);
  output->commit_or_throw();
  log::info(path + ": " + std::to_string(out) + " of " + std::to_string(in) + " documents");
  if (options.stage.common.report) {
    report.set("output", path);
    report.set("documents_in", in);
    report.set("documents_out", out);
    report.write_or_throw(*options.stage.common.report);
  }
  return cli::ExitCode::done;
}

}  // namespace gpt::dedup
