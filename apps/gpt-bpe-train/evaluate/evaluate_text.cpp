#include "apps/gpt-bpe-train/evaluate/evaluate_text.hpp"

#include <algorithm>
#include <list>
#include <mutex>
#include <optional>
#include <stdexcept>

#include "libcommon/threads/ordered_pipeline.hpp"
#include "libcommon/tokenizer/gpt2_split.hpp"
#include "libcommon/tokenizer/word_merger.hpp"

namespace gpt::bpe_train {
namespace {

constexpr std::size_t kMostGroups = 1000;

// What one thread counts.
struct Counts {
  struct Group {
    TextGroup sums;
    WordCounts words;
  };
  std::map<std::string, Group> groups;
  std::vector<std::vector<std::uint64_t>> token_uses;
};

struct BlockSums {
  std::uint64_t input_bytes = 0;
  io::RecordErrors errors;
};

std::vector<tokenizer::TextEncoder> encoders_of(std::span<const MeasuredVocabulary> vocabularies) {
  std::vector<tokenizer::TextEncoder> encoders;
  for (const MeasuredVocabulary& vocabulary : vocabularies)
    encoders.push_back(vocabulary.tokenizer.make_encoder());
  return encoders;
}

// What one thread does to a block. Its counts outlive it.
class BlockEvaluator {
 public:
  BlockEvaluator(const EvaluationTask& task, std::span<const MeasuredVocabulary> vocabularies, Counts& counts)
      : task_(&task),
        vocabularies_(vocabularies),
        counts_(&counts),
        parser_(task.json_key),
        encoders_(encoders_of(vocabularies)),
        ids_(vocabularies.size()) {
    for (const MeasuredVocabulary& vocabulary : vocabularies)
      counts.token_uses.emplace_back(vocabulary.tokenizer.vocabulary_size());
  }

  BlockSums operator()(TextBlock&& block) {
    BlockSums sums;
    sums.errors = io::RecordErrors(task_->on_error);
    sums.input_bytes = block.bytes.size();
    const std::string& name = task_->inputs[block.input];
    if (is_text(name)) {
      for_each_text_unit(block, Unit::document, Sample{}, sums.errors,
                         [&](std::string_view text) { add_or_throw(text, name, *block.file); });
    } else {
      for_each_json_unit(block, Unit::document, Sample{}, parser_, sums.errors, [&](std::string_view text) {
        add_or_throw(text, parser_.string_field(task_->group_key).value_or(name), *block.file);
      });
    }
    return sums;
  }

 private:
  bool is_text(const std::string& name) const {
    if (task_->format != InputFormat::by_name) return task_->format == InputFormat::text;
    return io::document_format_of_name(name) == io::DocumentFormat::text;
  }

  // A text that one of the vocabularies cannot encode counts for none.
  void add_or_throw(std::string_view text, const std::string& group_name, const std::string& file) {
    for (std::size_t i = 0; i < vocabularies_.size(); ++i) encode_or_throw(text, i, file);
    Counts::Group& group = counts_->groups[group_name];
    if (counts_->groups.size() > kMostGroups) {
      throw std::runtime_error(file + ": the texts fall into more than " + std::to_string(kMostGroups) +
                               " groups by the field '" + task_->group_key + "': give another --group-by");
    }
    group.sums.figures.resize(vocabularies_.size());
    for (std::size_t i = 0; i < vocabularies_.size(); ++i) count_tokens(i, group.sums.figures[i]);
    ++group.sums.documents;
    group.sums.bytes += text.size();
    WordCounts::Batch batch(group.words);
    for (tokenizer::Gpt2Splitter splitter(text); !splitter.at_end();) {
      if (const std::string_view piece = splitter.next(); is_letter_word(piece)) batch.add(piece);
    }
  }

  void encode_or_throw(std::string_view text, std::size_t vocabulary, const std::string& file) {
    ids_[vocabulary].clear();
    try {
      encoders_[vocabulary].append_or_throw(text, ids_[vocabulary]);
    } catch (const tokenizer::UnknownByte& unknown) {
      throw io::DataError(file, vocabularies_[vocabulary].name + ": " + unknown.what());
    }
  }

  void count_tokens(std::size_t vocabulary, GroupFigures& figures) {
    std::vector<std::uint64_t>& uses = counts_->token_uses[vocabulary];
    const auto unknown = vocabularies_[vocabulary].tokenizer.unknown_token();
    figures.tokens += ids_[vocabulary].size();
    for (const tokenizer::TokenId id : ids_[vocabulary]) {
      ++uses[id];
      if (id == unknown) ++figures.unknown;
    }
  }

  const EvaluationTask* task_;
  std::span<const MeasuredVocabulary> vocabularies_;
  Counts* counts_;
  io::DocumentParser parser_;
  std::vector<tokenizer::TextEncoder> encoders_;
  std::vector<std::vector<tokenizer::TokenId>> ids_;  // of the text in hand, by vocabulary
};

void add(TextGroup& sum, const TextGroup& other) {
  sum.documents += other.documents;
  sum.bytes += other.bytes;
  sum.figures.resize(std::max(sum.figures.size(), other.figures.size()));
  for (std::size_t i = 0; i < other.figures.size(); ++i) {
    const GroupFigures& from = other.figures[i];
    GroupFigures& to = sum.figures[i];
    to.tokens += from.tokens;
    to.unknown += from.unknown;
    to.words.words += from.words.words;
    to.words.kept_whole += from.words.kept_whole;
    to.words.tokens += from.words.tokens;
  }
}

void add(Counts& sum, const Counts& other) {
  for (const auto& [name, group] : other.groups) {
    add(sum.groups[name].sums, group.sums);
    sum.groups[name].words.add_all(group.words);
  }
  sum.token_uses.resize(other.token_uses.size());
  for (std::size_t i = 0; i < other.token_uses.size(); ++i) {
    sum.token_uses[i].resize(other.token_uses[i].size());
    for (std::size_t id = 0; id < other.token_uses[i].size(); ++id)
      sum.token_uses[i][id] += other.token_uses[i][id];
  }
}

void measure_words_or_throw(const WordCounts& words, tokenizer::TextEncoder& encoder,
                            std::optional<tokenizer::TokenId> unknown, WordFigures& figures) {
  std::vector<tokenizer::TokenId> ids;
  words.for_each([&](std::string_view word, std::uint64_t count) {
    ids.clear();
    encoder.append_or_throw(word, ids);
    figures.add(count, ids.size(), ids.size() == 1 && ids.front() != unknown);
  });
}

}  // namespace

TextGroup Evaluation::total() const {
  TextGroup sum;
  for (const auto& [name, group] : groups) add(sum, group);
  return sum;
}

Evaluation evaluate_or_throw(const EvaluationTask& task, std::span<const MeasuredVocabulary> vocabularies,
                             const std::function<void(std::uint64_t)>& progress) {
  std::vector<InputPart> parts;
  for (std::size_t i = 0; i < task.inputs.size(); ++i) parts.push_back({{task.inputs[i]}, i});
  TextBlockReader reader(std::move(parts));
  std::mutex mutex;
  std::list<Counts> tables;  // one a thread; a list, so that they stay where they are
  Evaluation result;
  result.errors = io::RecordErrors(task.on_error);
  threads::run_ordered_pipeline(
      task.threads, [&] { return reader.next_or_throw(); },
      [&] {
        const std::lock_guard lock(mutex);
        return BlockEvaluator(task, vocabularies, tables.emplace_back());
      },
      [&](BlockSums&& sums) {
        result.input_bytes += sums.input_bytes;
        result.errors.absorb(sums.errors);
        progress(result.input_bytes);
      });
  Counts counts;
  for (; !tables.empty(); tables.pop_front()) add(counts, tables.front());
  auto encoders = encoders_of(vocabularies);
  for (auto& [name, group] : counts.groups) {
    for (std::size_t i = 0; i < vocabularies.size(); ++i)
      measure_words_or_throw(group.words, encoders[i], vocabularies[i].tokenizer.unknown_token(),
                             group.sums.figures[i].words);
    result.groups.emplace(name, std::move(group.sums));
  }
  result.token_uses = std::move(counts.token_uses);
  return result;
}

}  // namespace gpt::bpe_train
