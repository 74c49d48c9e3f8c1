#include "apps/gpt-preprocess/rearrange.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include "libcommon/cli/run_files.hpp"
#include "libcommon/cli/stop_signals.hpp"
#include "libcommon/dataset/indexed_dataset.hpp"
#include "libcommon/dataset/indexed_dataset_writer.hpp"
#include "libcommon/io/errors.hpp"
#include "libcommon/io/shard.hpp"
#include "libcommon/log/logger.hpp"
#include "libcommon/log/run_report.hpp"

namespace gpt::preprocess {
namespace {

using dataset::IndexedDataset;
using dataset::IndexedDatasetWriter;

io::Existing existing_of(const cli::CommonOptions& common) {
  return common.force ? io::Existing::replace : io::Existing::refuse;
}

// Documents begin … end − 1 of a dataset, at the end of another of the same token type.
void append_documents_or_throw(IndexedDatasetWriter& writer, const IndexedDataset& from, std::size_t begin,
                               std::size_t end) {
  std::vector<std::uint32_t> ids;
  for (std::size_t document = begin; document < end; ++document) {
    if (document % 1024 == 0) cli::throw_if_stop_requested();
    const auto last = from.document_index()[document + 1];
    for (auto i = from.document_index()[document]; i < last; ++i) {
      from.visit(static_cast<std::size_t>(i), [&](auto tokens) {
        ids.resize(tokens.size());
        std::transform(tokens.begin(), tokens.end(), ids.begin(),
                       [](auto token) { return static_cast<std::uint32_t>(token); });
      });
      writer.add_sequence_or_throw(ids);
    }
    writer.end_document();
  }
}

void check_same_type_or_throw(const IndexedDataset& first, const IndexedDataset& other) {
  if (first.token_type() == other.token_type()) return;
  throw io::DataError(other.prefix() + ".idx",
                      "its tokens are " + std::string(dataset::name_of(other.token_type())) + ", those of " +
                          first.prefix() + " " + std::string(dataset::name_of(first.token_type())) +
                          ": datasets of different vocabularies cannot be one");
}

std::string counts_of(const IndexedDatasetWriter& writer) {
  return std::to_string(writer.documents()) + " documents, " + std::to_string(writer.sequences()) +
         " sequences, " + std::to_string(writer.tokens()) + " tokens";
}

// Document numbers at which the parts begin, and the end: rounded shares of the whole, so that parts differ
// by one document at most from what was asked for.
std::vector<std::size_t> bounds_of(const std::vector<double>& shares, std::size_t documents) {
  const double whole = std::accumulate(shares.begin(), shares.end(), 0.0);
  std::vector<std::size_t> bounds = {0};
  double sum = 0;
  for (const double share : shares) {
    sum += share;
    const auto bound = static_cast<std::size_t>(std::llround(sum / whole * static_cast<double>(documents)));
    bounds.push_back(std::clamp(bound, bounds.back(), documents));
  }
  bounds.back() = documents;
  return bounds;
}

}  // namespace

cli::ExitCode run(const MergeOptions& options) {
  log::RunReport report("gpt-preprocess");
  cli::check_files_or_throw({}, options.common.report);
  // All are looked at before anything is written; reopening is cheap, and a thousand need not stay mapped.
  const auto first = IndexedDataset::open_or_throw(options.inputs.front());
  for (const std::string& input : options.inputs)
    check_same_type_or_throw(first, IndexedDataset::open_or_throw(input));
  IndexedDatasetWriter writer(options.output, first.token_type(), existing_of(options.common));
  for (const std::string& input : options.inputs) {
    const auto part = IndexedDataset::open_or_throw(input, dataset::IndexCheck::header_only);
    append_documents_or_throw(writer, part, 0, part.documents());
  }
  writer.commit_or_throw();
  log::info(options.output + ": " + counts_of(writer) + " of " + std::to_string(options.inputs.size()) +
            " datasets");
  if (options.common.report) {
    report.set("inputs", options.inputs);
    report.set("output_prefix", options.output);
    report.set("documents", writer.documents());
    report.set("sequences", writer.sequences());
    report.set("tokens", writer.tokens());
    report.write_or_throw(*options.common.report);
  }
  return cli::ExitCode::done;
}

cli::ExitCode run(const SplitOptions& options) {
  log::RunReport report("gpt-preprocess");
  cli::check_files_or_throw({}, options.common.report);
  const auto whole = IndexedDataset::open_or_throw(options.input);
  const auto bounds = bounds_of(options.shares, whole.documents());
  const int parts = static_cast<int>(options.shares.size());
  std::vector<std::string> names;
  for (int part = 0; part < parts; ++part) {
    // The suffix keeps a dot in the prefix from being taken for one.
    std::string name = io::part_name(options.output + ".idx", {part, parts});
    if (parts == 1) name = options.output + ".idx";
    names.push_back(name.substr(0, name.size() - 4));
  }
  for (const std::string& name : names) {
    for (const char* const suffix : {".bin", ".idx"})
      io::check_output_or_throw(name + suffix, existing_of(options.common));
  }
  for (std::size_t part = 0; part < names.size(); ++part) {
    IndexedDatasetWriter writer(names[part], whole.token_type(), existing_of(options.common));
    append_documents_or_throw(writer, whole, bounds[part], bounds[part + 1]);
    writer.commit_or_throw();
    log::info(names[part] + ": " + counts_of(writer));
  }
  if (options.common.report) {
    report.set("input", options.input);
    report.set("outputs", names);
    report.set("documents", static_cast<std::uint64_t>(whole.documents()));
    report.write_or_throw(*options.common.report);
  }
  return cli::ExitCode::done;
}

}  // namespace gpt::preprocess
