#include <algorithm>

#include "apps/gpt-dedup/digest_stage.hpp"
#include "apps/gpt-dedup/stages/shared_corpus.hpp"
#include "apps/gpt-dedup/stages/signature_file.hpp"
#include "apps/gpt-dedup/stages/stage_output.hpp"
#include "apps/gpt-dedup/stages/stages.hpp"
#include "libcommon/log/logger.hpp"
#include "libcommon/log/run_report.hpp"

namespace gpt::dedup {
namespace {

// What is known of the share before it is read.
ShareHeader header_of(const SignaturesOptions& options, const std::vector<io::FileRange>& ranges,
                      const Corpus& corpus) {
  ShareHeader header;
  header.shard = options.stage.shard;
  header.minhash = options.minhash;
  header.seed = options.stage.common.seed;
  header.text_key = options.corpus.text_key;
  header.keep = options.keep.keep;
  header.keep_field = options.keep.field;
  const auto& against = options.corpus.against;
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    const bool reference = std::find(against.begin(), against.end(), ranges[i].path) != against.end();
    // The size before it is read: what is appended meanwhile counts as a change.
    header.parts.push_back({ranges[i], corpus.format(i), reference, input_bytes(ranges[i].path), {}, 0});
  }
  return header;
}

void enter_what_was_read(ShareHeader& header, const Corpus& corpus, const DigestedCorpus& digested) {
  for (std::size_t i = 0; i < digested.lines_of_files.size(); ++i) {
    header.parts[i].lines = digested.lines_of_files[i];
    const auto [first, last] = digested.catalogue.within(i, 0, header.parts[i].lines.count + 1);
    header.parts[i].documents = last - first;
  }
  header.bytes = corpus.bytes();
  header.bad_records = digested.errors.count();
}

Options in_one_go(const SignaturesOptions& options) {
  Options whole;
  whole.corpus = options.corpus;
  whole.minhash = options.minhash;
  whole.keep = options.keep;
  whole.common = options.stage.common;
  return whole;
}

}  // namespace

cli::ExitCode run(const SignaturesOptions& options) {
  log::RunReport report("gpt-dedup signatures");
  const std::string path = signature_file_name(options.stage.folder, options.stage.shard);
  make_folder_or_throw(options.stage.folder);
  cli::RunFiles files;
  files.add_output("--work", path);
  check_files_or_throw(std::move(files), options.corpus, options.stage.common);
  const auto ranges =
      io::share_of_inputs(io::inspect_inputs_or_throw(options.corpus.all_inputs()), options.stage.shard);
  Corpus corpus(ranges, options.corpus.input_format, options.corpus.temporary_folder);
  ShareHeader header = header_of(options, ranges, corpus);
  const auto there = [&] { return SignatureFile::open_or_throw(path).header().settings_and_inputs(); };
  auto output = open_stage_output({path, header.settings_and_inputs(), there}, options.stage);
  if (!output) return cli::ExitCode::done;
  const DigestedCorpus digested = digest_corpus(corpus, in_one_go(options));
  enter_what_was_read(header, corpus, digested);
  write_signature_file_or_throw(*output, header, digested);
  output->commit_or_throw();
  if (digested.errors.count() > 0) log::warning(digested.errors.summary());
  log::info(path + ": " + std::to_string(digested.catalogue.size()) + " documents, " +
            std::to_string(digested.exact_duplicates) + " of them equal to an earlier one");
  if (options.stage.common.report) {
    report.set("output", path);
    report.set("bytes_in", header.bytes);
    report.set("documents_in", std::uint64_t{digested.catalogue.size()});
    report.set("exact_duplicates", digested.exact_duplicates);
    report.set("bad_records", digested.errors.count());
    report.write_or_throw(*options.stage.common.report);
  }
  return cli::ExitCode::done;
}

}  // namespace gpt::dedup
