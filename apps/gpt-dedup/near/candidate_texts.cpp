#include "apps/gpt-dedup/near/candidate_texts.hpp"

#include <algorithm>
#include <utility>

#include "apps/gpt-dedup/lines_watch.hpp"
#include "libcommon/io/errors.hpp"
#include "libcommon/log/progress.hpp"
#include "libcommon/threads/ordered_pipeline.hpp"

namespace gpt::dedup {
namespace {

// Of a batch of lines.
struct FoundTexts {
  std::vector<std::pair<DocumentId, std::string>> texts;
  DocumentId end;  // the first document behind the batch
  std::size_t file;
  LinesRead lines;
};

std::string text_of_line(std::string_view line, io::DocumentFormat format, io::DocumentParser& parser,
                         const std::string& text_key, const std::string& file, std::uint64_t number) {
  if (format == io::DocumentFormat::jsonl)
    return parser.fields_or_throw(line, file, number, std::span(&text_key, 1)).front();
  if (line.ends_with('\r')) line.remove_suffix(1);
  return std::string(line);
}

}  // namespace

void CandidateTexts::add_or_throw(DocumentId document, std::string_view text) {
  documents_.push_back(document);
  offsets_.push_back(spool_.size());
  spool_.append_or_throw(text);
}

std::string CandidateTexts::text_or_throw(DocumentId document) const {
  const auto found = std::lower_bound(documents_.begin(), documents_.end(), document);
  const auto at = static_cast<std::size_t>(found - documents_.begin());
  const std::uint64_t end = at + 1 < offsets_.size() ? offsets_[at + 1] : spool_.size();
  std::string text(end - offsets_[at], '\0');
  spool_.read_at_or_throw(offsets_[at], text);
  return text;
}

CandidateTexts collect_texts(Corpus& corpus, const Catalogue& catalogue, std::vector<LinesRead> lines,
                             const std::vector<bool>& wanted, const CorpusOptions& options,
                             const cli::CommonOptions& common) {
  CandidateTexts texts(SpoolFile::create_or_throw(options.temporary_folder));
  LinesWatch watch(std::move(lines), corpus.inputs().size());
  log::Progress progress(common.progress, "documents looked up", catalogue.size());
  const auto make_work = [&] {
    return [&, parser = io::DocumentParser(options.text_key)](io::LineBatch&& batch) mutable {
      FoundTexts found{{}, 0, batch.file_index, lines_read(batch)};
      const auto [first, last] = catalogue.within(batch.file_index, batch.first_line, batch.size());
      for (DocumentId document = first; document < last; ++document) {
        if (!wanted[document]) continue;
        const std::uint64_t line = catalogue.place(document).line;
        found.texts.emplace_back(
            document, text_of_line(batch.line(line - batch.first_line), corpus.format(batch.file_index),
                                   parser, options.text_key, *batch.file, line));
      }
      found.end = last;
      return found;
    };
  };
  const auto store = [&](FoundTexts&& batch) {
    for (const auto& [document, text] : batch.texts) texts.add_or_throw(document, text);
    watch.see(batch.file, batch.lines);
    progress.update(batch.end);
  };
  threads::run_ordered_pipeline(common.threads, corpus.reading(), make_work, store);
  watch.check_or_throw(corpus.inputs(), 0);
  texts.finish_or_throw();
  progress.finish();
  return texts;
}

}  // namespace gpt::dedup
