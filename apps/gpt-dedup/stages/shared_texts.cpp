#include "apps/gpt-dedup/stages/shared_texts.hpp"

#include <algorithm>

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

}  // namespace

std::unique_ptr<Texts> texts_of(const SharedCorpus& corpus, const std::function<std::vector<bool>()>& wanted,
                                const std::string& temporary_folder, const cli::CommonOptions& common) {
  const std::vector<PlainFile> files = corpus.files();
  std::vector<std::string> paths;
  for (const PlainFile& file : files) paths.push_back(file.range.path);
  const auto inspected = io::inspect_inputs_or_throw(paths);
  if (std::all_of(inspected.begin(), inspected.end(),
                  [](const io::InputFile& file) { return file.divisible; }))
    return std::make_unique<PlacedTexts>(corpus, files, corpus.settings().text_key);
  std::vector<io::FileRange> ranges;
  std::vector<io::DocumentFormat> formats;
  for (const PlainFile& file : files) {
    ranges.push_back(file.range);
    formats.push_back(file.format);
  }
  Corpus inputs(std::move(ranges), std::move(formats));
  CorpusOptions options;
  options.text_key = corpus.settings().text_key;
  options.temporary_folder = temporary_folder;
  return std::make_unique<CandidateTexts>(
      collect_texts(inputs, catalogue_of(corpus), wanted(), options, common));
}

}  // namespace gpt::dedup
