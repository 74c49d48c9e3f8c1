#include "apps/gpt-dedup/stages/shared_texts.hpp"

#include <algorithm>
#include <utility>

#include "apps/gpt-dedup/lines_watch.hpp"
#include "apps/gpt-dedup/near/candidate_texts.hpp"
#include "apps/gpt-dedup/placed_texts.hpp"

namespace gpt::dedup {
namespace {

Catalogue catalogue_of(const SharedCorpus& corpus) {
  Catalogue catalogue;
  std::size_t part = 0;
  for (const SignatureFile& share : corpus.shares()) {
    std::size_t document = 0;
    for (const SharePart& each : share.header().parts) {
      for (std::uint64_t i = 0; i < each.documents; ++i, ++document)
        catalogue.add({part, share.lines()[document], share.offsets()[document]});
      ++part;
    }
  }
  return catalogue;
}

struct ReadableParts {
  std::vector<io::FileRange> ranges;
  std::vector<io::DocumentFormat> formats;
  std::vector<LinesRead> lines;
};

// Of every shard.world-th share from shard.rank on.
ReadableParts parts_of(const SharedCorpus& corpus, io::Shard shard) {
  ReadableParts parts;
  const auto world = static_cast<std::size_t>(shard.world);
  for (auto share = static_cast<std::size_t>(shard.rank); share < corpus.shares().size(); share += world)
    for (const SharePart& part : corpus.shares()[share].header().parts) {
      parts.ranges.push_back(part.range);
      parts.formats.push_back(part.format);
      parts.lines.push_back(part.lines);
    }
  return parts;
}

}  // namespace

std::unique_ptr<Texts> texts_of(const SharedCorpus& corpus, io::Shard shard,
                                const std::function<std::vector<bool>()>& wanted,
                                const std::string& temporary_folder, const cli::CommonOptions& common) {
  const std::vector<PlainFile> files = corpus.files();
  std::vector<std::string> paths;
  for (const PlainFile& file : files) paths.push_back(file.range.path);
  const auto inspected = io::inspect_inputs_or_throw(paths);
  if (std::all_of(inspected.begin(), inspected.end(),
                  [](const io::InputFile& file) { return file.divisible; })) {
    ReadableParts own = parts_of(corpus, shard);
    Corpus inputs(std::move(own.ranges), std::move(own.formats));
    check_lines_or_throw(inputs, std::move(own.lines), common);
    return std::make_unique<PlacedTexts>(corpus, files, corpus.settings().text_key);
  }
  ReadableParts all = parts_of(corpus, {});
  Corpus inputs(std::move(all.ranges), std::move(all.formats));
  CorpusOptions options;
  options.text_key = corpus.settings().text_key;
  options.temporary_folder = temporary_folder;
  return std::make_unique<CandidateTexts>(
      collect_texts(inputs, catalogue_of(corpus), std::move(all.lines), wanted(), options, common));
}

}  // namespace gpt::dedup
