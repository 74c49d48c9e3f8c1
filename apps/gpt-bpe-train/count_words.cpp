#include "apps/gpt-bpe-train/count_words.hpp"

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

// What one thread does to a block. Its counts outlive it.
class BlockCounter {
 public:
  BlockCounter(const CountTask& task, WordCounts& words)
      : task_(&task), words_(&words), parser_(task.json_key), splitter_(task.splitting) {}

  BlockSums operator()(TextBlock&& block) {
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

  const CountTask* task_;
  WordCounts* words_;
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

}  // namespace

CountResult count_words_or_throw(const CountTask& task, const std::function<void(std::uint64_t)>& progress) {
  TextBlockReader reader(parts_or_throw(task));
  std::mutex mutex;
  std::list<WordCounts> tables;  // one a thread; a list, so that they stay where they are
  CountResult result;
  result.errors = io::RecordErrors(task.on_error);
  threads::run_ordered_pipeline(
      task.threads, [&] { return reader.next_or_throw(); },
      [&] {
        const std::lock_guard lock(mutex);
        return BlockCounter(task, tables.emplace_back());
      },
      [&](BlockSums&& sums) {
        result.documents += sums.documents.taken;
        result.documents_left_out += sums.documents.left_out;
        result.text_bytes += sums.text_bytes;
        result.input_bytes += sums.input_bytes;
        result.errors.absorb(sums.errors);
        progress(result.input_bytes);
      });
  for (bool first = true; !tables.empty(); tables.pop_front(), first = false) {
    if (first) {
      result.words = std::move(tables.front());
    } else {
      result.words.add_all(tables.front());
    }
  }
  return result;
}

}  // namespace gpt::bpe_train
