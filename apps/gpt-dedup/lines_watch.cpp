#include "apps/gpt-dedup/lines_watch.hpp"

#include <stdexcept>
#include <utility>

#include "libcommon/log/progress.hpp"
#include "libcommon/threads/ordered_pipeline.hpp"

namespace gpt::dedup {

LinesWatch::LinesWatch(std::vector<LinesRead> before, std::size_t files)
    : before_(std::move(before)), now_(files) {
  before_.resize(files);
}

void LinesWatch::see(std::size_t file, const LinesRead& lines) {
  now_[file] = {lines.count, now_[file].sum + lines.sum};
}

void LinesWatch::check_or_throw(const std::vector<std::string>& names, std::size_t first) const {
  for (std::size_t file = first; file < now_.size(); ++file)
    if (now_[file] != before_[file])
      throw std::runtime_error(names[file] +
                               ": changed after it was first read: deduplicate all inputs again");
}

void check_lines_or_throw(Corpus& corpus, std::vector<LinesRead> before, const cli::CommonOptions& common) {
  struct Seen {
    std::size_t file;
    LinesRead lines;
    std::uint64_t count;
  };
  LinesWatch watch(std::move(before), corpus.inputs().size());
  log::Progress progress(common.progress, "lines checked");
  std::uint64_t checked = 0;
  const auto make_work = [] {
    return [](io::LineBatch&& batch) { return Seen{batch.file_index, lines_read(batch), batch.size()}; };
  };
  threads::run_ordered_pipeline(common.threads, corpus.reading(), make_work, [&](Seen&& seen) {
    watch.see(seen.file, seen.lines);
    progress.update(checked += seen.count);
  });
  progress.finish();
  watch.check_or_throw(corpus.inputs(), 0);
}

}  // namespace gpt::dedup
