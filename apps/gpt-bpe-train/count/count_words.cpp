#include "apps/gpt-bpe-train/count/count_words.hpp"

#include <algorithm>
#include <list>
#include <mutex>

#include "libcommon/threads/ordered_pipeline.hpp"

namespace gpt::bpe_train {
namespace {

struct BlockSums {
  DocumentCounts documents;
  std::uint64_t text_bytes = 0;
  std::uint64_t input_bytes = 0;
  io::RecordErrors errors;
};

// Writes a table as a run and begins anew.
void spill_or_throw(WordCounts& words, SpillFolder& spill) {
  SortedTable sorted(words);
  spill.add_or_throw(sorted);
  words = WordCounts();
}

// What one thread does to a block. Its counts outlive it.
class BlockCounter {
 public:
  BlockCounter(const CountTask& task, WordCounts& words, SpillFolder& spill)
      : task_(&task), words_(&words), spill_(&spill), parser_(task.json_key), splitter_(task.splitting) {}

  BlockSums operator()(TextBlock&& block) {
    if (is_too_large(*words_)) spill_or_throw(*words_, *spill_);
    BlockSums sums;
    sums.errors = io::RecordErrors(task_->on_error);
    sums.input_bytes = block.bytes.size();
    WordCounts::Batch batch(*words_);
    const auto visit = [&](std::string_view unit) {
      sums.text_bytes += unit.size();
      splitter_.for_each_word(unit, [&](std::string_view word) { batch.add(word); });
    };
    sums.documents = is_text(block)
                         ? for_each_text_unit(block, task_->unit, task_->sample, sums.errors, visit)
                         : for_each_json_unit(block, task_->unit, task_->sample, parser_, sums.errors, visit);
    return sums;
  }

 private:
  bool is_text(const TextBlock& block) const {
    if (task_->format != InputFormat::by_name) return task_->format == InputFormat::text;
    return io::document_format_of_name(task_->inputs[block.input]) == io::DocumentFormat::text;
  }

  // A table that grows is there twice for a moment, the second time in double size.
  bool is_too_large(const WordCounts& words) const {
    return task_->memory != 0 &&
           3 * words.memory_bytes() > task_->memory / static_cast<std::uint64_t>(task_->threads);
  }

  const CountTask* task_;
  WordCounts* words_;
  SpillFolder* spill_;
  io::DocumentParser parser_;
  UnitSplitter splitter_;
};

// The share of the inputs that this process counts.
std::vector<InputPart> parts_or_throw(const CountTask& task) {
  std::vector<InputPart> parts;
  if (task.shard.is_everything()) {
    for (const std::string& path : task.inputs) parts.push_back({{path}});
  } else {
    for (io::FileRange& range : io::share_of_inputs(io::inspect_inputs_or_throw(task.inputs), task.shard))
      parts.push_back({std::move(range)});
  }
  for (InputPart& part : parts) {
    const auto first = std::find(task.inputs.begin(), task.inputs.end(), part.range.path);
    part.input = static_cast<std::size_t>(first - task.inputs.begin());
  }
  return parts;
}

// Brings the threads' tables together, in memory if there is plenty, else as runs.
void gather_or_throw(std::list<WordCounts>& tables, std::uint64_t memory, CountedWords& words) {
  std::uint64_t bytes = 0;
  for (const WordCounts& table : tables) bytes += table.memory_bytes();
  const bool fits = memory == 0 || (words.spill->runs().empty() && 4 * bytes <= memory);
  for (bool first = true; !tables.empty(); tables.pop_front(), first = false) {
    if (!fits) {
      spill_or_throw(tables.front(), *words.spill);
    } else if (first) {
      words.table = std::move(tables.front());
    } else {
      words.table.add_all(tables.front());
    }
  }
}

}  // namespace

CountResult count_words_or_throw(const CountTask& task, const std::function<void(std::uint64_t)>& progress) {
  TextBlockReader reader(parts_or_throw(task));
  std::mutex mutex;
  std::list<WordCounts> tables;  // one a thread; a list, so that they stay where they are
  CountResult result{CountedWords(task.spill_folder), {}, io::RecordErrors(task.on_error)};
  CountsSummary& summary = result.summary;
  summary.splitting = task.splitting;
  summary.unit = task.unit;
  threads::run_ordered_pipeline(
      task.threads, [&] { return reader.next_or_throw(); },
      [&] {
        const std::lock_guard lock(mutex);
        return BlockCounter(task, tables.emplace_back(), *result.words.spill);
      },
      [&](BlockSums&& sums) {
        summary.documents += sums.documents.taken;
        summary.documents_left_out += sums.documents.left_out;
        summary.text_bytes += sums.text_bytes;
        summary.input_bytes += sums.input_bytes;
        result.errors.absorb(sums.errors);
        progress(summary.input_bytes);
      });
  summary.bad_records = result.errors.count();
  gather_or_throw(tables, task.memory, result.words);
  return result;
}

}  // namespace gpt::bpe_train
