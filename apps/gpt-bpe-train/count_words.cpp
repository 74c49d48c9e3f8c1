#include "apps/gpt-bpe-train/count_words.hpp"

#include <atomic>
#include <list>
#include <mutex>

#include "libcommon/threads/ordered_pipeline.hpp"
#include "libcommon/tokenizer/gpt2_split.hpp"

namespace gpt::bpe_train {
namespace {

struct BlockSums {
  std::uint64_t documents = 0;
  std::uint64_t text_bytes = 0;
  std::uint64_t input_bytes = 0;
  io::RecordErrors errors;
};

// What one thread does to a block. Its counts outlive it.
class BlockCounter {
 public:
  BlockCounter(const CountTask& task, WordCounts& words)
      : task_(&task), words_(&words), parser_(task.json_key) {}

  BlockSums operator()(TextBlock&& block) {
    BlockSums sums;
    sums.errors = io::RecordErrors(task_->on_error);
    sums.input_bytes = block.bytes.size();
    const auto visit = [&](std::string_view unit) {
      sums.text_bytes += unit.size();
      count_unit(unit);
    };
    sums.documents = is_text(block) ? for_each_text_unit(block, task_->unit, sums.errors, visit)
                                    : for_each_json_unit(block, task_->unit, parser_, sums.errors, visit);
    return sums;
  }

 private:
  bool is_text(const TextBlock& block) const {
    if (task_->format != InputFormat::by_name) return task_->format == InputFormat::text;
    return io::document_format_of_name(task_->inputs[block.file_index]) == io::DocumentFormat::text;
  }

  void count_unit(std::string_view unit) {
    if (task_->prefix_space == PrefixSpace::add && !unit.empty() && unit.front() != ' ') {
      spaced_.assign(1, ' ').append(unit);
      unit = spaced_;
    }
    for (tokenizer::Gpt2Splitter splitter(unit); !splitter.at_end();) words_->add(splitter.next());
  }

  const CountTask* task_;
  WordCounts* words_;
  io::DocumentParser parser_;
  std::string spaced_;
};

}  // namespace

CountResult count_words_or_throw(const CountTask& task, const std::function<void(std::uint64_t)>& progress) {
  TextBlockReader reader(task.inputs);
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
        result.documents += sums.documents;
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
