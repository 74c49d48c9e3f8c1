#include "apps/gpt-dedup/rewrite/decontaminate_stage.hpp"

#include <algorithm>
#include <filesystem>

#include "libcommon/io/json_text.hpp"
#include "libcommon/io/line_reader.hpp"

namespace gpt::dedup {
namespace {

// "tasks/squad.jsonl.gz" → "squad"
std::string stem_of(const std::string& file) {
  if (file == "-") return "stdin";
  std::string name = std::filesystem::path(file).filename().string();
  for (const char* ending : {".gz", ".zst", ".jsonl", ".json", ".txt"})
    if (name.ends_with(ending) && name.size() > std::string_view(ending).size())
      name.resize(name.size() - std::string_view(ending).size());
  return name;
}

std::string padded(std::uint64_t number, std::size_t digits) {
  const std::string plain = std::to_string(number);
  return std::string(digits - std::min(digits, plain.size()), '0') + plain;
}

// An n-gram's part of a line of --matches.
std::string ngram_fields(const TaskNgrams& tasks, const NgramFrequencies& frequencies, NgramId ngram) {
  return "\"task\":" + io::json_string(tasks.tasks()[tasks.task(ngram)]) +
         ",\"task_line\":" + std::to_string(tasks.line(ngram)) +
         ",\"ngram\":" + io::json_string(tasks.words(ngram)) +
         ",\"documents\":" + std::to_string(frequencies.documents(ngram));
}

using DocumentPlace = std::pair<std::size_t, std::uint64_t>;  // file and line

DocumentPlace place_of(const DocumentStretch& stretch, std::size_t i) {
  return {stretch.lines.file_index, stretch.parsed.lines[i]};
}

struct CleanedStretch {
  std::string bytes;
  std::string matches;
  std::uint64_t out = 0;
  std::uint64_t changed = 0;
  std::uint64_t dropped_short = 0;              // nothing long enough was left
  std::uint64_t dropped_pieces = 0;             // too much was
  std::vector<NgramId> cut_ngrams;              // of each cut
  std::vector<std::size_t> tasks_of_documents;  // each task once for each document cut for it
};

// What the first reading finds. Memory: 16 bytes a document with an n-gram.
struct Survey {
  NgramFrequencies frequencies;
  std::vector<DocumentPlace> with_ngrams;  // ascending; the others need not be searched again
};

Survey survey_documents(KeptDocuments& documents, const TaskNgrams& tasks,
                        const DecontaminateOptions& options) {
  struct Found {
    DocumentPlace place;
    std::vector<NgramId> ngrams;
  };
  const auto make_work = [&] {
    return [decontaminator = Decontaminator(tasks, options.limits)](DocumentStretch&& stretch) mutable {
      std::vector<Found> found;
      for (std::size_t i = 0; i < stretch.parsed.documents.size(); ++i) {
        std::vector<NgramId> ngrams = decontaminator.ngrams_of(stretch.parsed.documents[i].text);
        if (!ngrams.empty()) found.push_back({place_of(stretch, i), std::move(ngrams)});
      }
      return found;
    };
  };
  Survey survey{NgramFrequencies(tasks.size()), {}};
  documents.read("documents searched", make_work, [&](std::vector<Found>&& found) {
    for (const Found& document : found) {
      survey.frequencies.add(document.ngrams);
      survey.with_ngrams.push_back(document.place);
    }
  });
  return survey;
}

// What one worker does with the documents of the second reading.
class StretchCleaner {
 public:
  StretchCleaner(const TaskNgrams& tasks, const Survey& survey, const DecontaminateOptions& options,
                 const RecordWriter& writer, std::string split_prefix)
      : tasks_(tasks),
        survey_(survey),
        list_matches_(options.matches.has_value()),
        writer_(writer),
        split_prefix_(std::move(split_prefix)),
        decontaminator_(tasks, options.limits) {}

  CleanedStretch operator()(DocumentStretch&& stretch) {
    CleanedStretch out;
    out.bytes.reserve(stretch.lines.bytes.size());
    for (std::size_t i = 0; i < stretch.parsed.documents.size(); ++i) clean(stretch, i, out);
    return out;
  }

 private:
  void clean(DocumentStretch& stretch, std::size_t i, CleanedStretch& out) {
    io::Document& document = stretch.parsed.documents[i];
    const std::string text = document.text;
    CleanedText cleaned;
    const std::vector<DocumentPlace>& searched = survey_.with_ngrams;
    if (std::binary_search(searched.begin(), searched.end(), place_of(stretch, i)))
      cleaned = decontaminator_.cleaned(text, survey_.frequencies);
    if (cleaned.cuts.empty()) {
      writer_.append(out.bytes, stretch.line(i), document, stretch.format);
      ++out.out;
      return;
    }
    ++out.changed;
    note_cuts(stretch, stretch.parsed.lines[i], cleaned.cuts, out);
    if (cleaned.pieces.empty()) ++out.dropped_short;
    if (cleaned.too_many_pieces) ++out.dropped_pieces;
    if (cleaned.too_many_pieces) return;
    const std::string name =
        split_prefix_ + stem_of(stretch.file) + "-" + padded(stretch.parsed.lines[i], 10) + "-";
    for (std::size_t piece = 0; piece < cleaned.pieces.size(); ++piece) {
      document.text = cleaned.pieces[piece];
      const std::string split_id = "\"split_id\":" + io::json_string(name + padded(piece, 4));
      writer_.append_changed(out.bytes, document, stretch.format, split_id);
      ++out.out;
    }
  }

  void note_cuts(const DocumentStretch& stretch, std::uint64_t line, const std::vector<Cut>& cuts,
                 CleanedStretch& out) const {
    std::vector<std::size_t> tasks;
    for (const Cut& cut : cuts) {
      out.cut_ngrams.push_back(cut.ngram);
      tasks.push_back(tasks_.task(cut.ngram));
      if (!list_matches_) continue;
      out.matches += "{" + ngram_fields(tasks_, survey_.frequencies, cut.ngram) +
                     ",\"document\":{\"file\":" + io::json_string(stretch.file) +
                     ",\"line\":" + std::to_string(line) +
                     "},\"character\":" + std::to_string(cut.character) + "}\n";
    }
    std::sort(tasks.begin(), tasks.end());
    tasks.erase(std::unique(tasks.begin(), tasks.end()), tasks.end());
    out.tasks_of_documents.insert(out.tasks_of_documents.end(), tasks.begin(), tasks.end());
  }

  const TaskNgrams& tasks_;
  const Survey& survey_;
  bool list_matches_;
  const RecordWriter& writer_;
  std::string split_prefix_;  // of split_id
  Decontaminator decontaminator_;
};

// The n-grams that stay where they are, as lines of --matches.
std::uint64_t list_left_alone(const TaskNgrams& tasks, const NgramFrequencies& frequencies,
                              const CutLimits& limits, io::OutputFile* matches) {
  std::uint64_t left_alone = 0;
  for (NgramId ngram = 0; ngram < tasks.size(); ++ngram) {
    if (frequencies.documents(ngram) < limits.frequent) continue;
    ++left_alone;
    if (matches != nullptr)
      matches->write_or_throw("{" + ngram_fields(tasks, frequencies, ngram) + ",\"left_alone\":true}\n");
  }
  return left_alone;
}

// Sums up the second reading.
struct Totals {
  explicit Totals(const TaskNgrams& tasks)
      : cuts(tasks.tasks().size()), documents(tasks.tasks().size()), was_cut(tasks.size()) {}

  void add(const CleanedStretch& stretch, const TaskNgrams& tasks) {
    result.documents_out += stretch.out;
    result.documents_changed += stretch.changed;
    dropped_short += stretch.dropped_short;
    dropped_pieces += stretch.dropped_pieces;
    for (const NgramId ngram : stretch.cut_ngrams) {
      ++cuts[tasks.task(ngram)];
      was_cut[ngram] = true;
    }
    for (const std::size_t task : stretch.tasks_of_documents) ++documents[task];
  }

  RewriteResult result;
  std::uint64_t dropped_short = 0;
  std::uint64_t dropped_pieces = 0;
  std::vector<std::uint64_t> cuts;       // by task
  std::vector<std::uint64_t> documents;  // by task
  std::vector<bool> was_cut;             // by n-gram
};

RewriteResult finished(Totals&& totals, const TaskNgrams& tasks, std::uint64_t left_alone) {
  RewriteResult& result = totals.result;
  std::map<std::string, std::uint64_t> cuts, documents, ngrams;
  for (std::size_t task = 0; task < tasks.tasks().size(); ++task) {
    cuts[tasks.tasks()[task]] += totals.cuts[task];
    documents[tasks.tasks()[task]] += totals.documents[task];
    ngrams[tasks.tasks()[task]] += 0;
  }
  for (NgramId ngram = 0; ngram < tasks.size(); ++ngram) ++ngrams[tasks.tasks()[tasks.task(ngram)]];
  std::uint64_t all_cuts = 0;
  for (const std::uint64_t count : totals.cuts) all_cuts += count;
  const auto cut_ngrams =
      static_cast<std::uint64_t>(std::count(totals.was_cut.begin(), totals.was_cut.end(), true));
  result.reasons = {{"task_text_nothing_left", totals.dropped_short},
                    {"task_text_too_many_pieces", totals.dropped_pieces}};
  result.counts = {{"task_texts", tasks.texts()},
                   {"task_texts_too_short", tasks.texts_too_short()},
                   {"task_ngrams", tasks.size()},
                   {"ngrams_cut", cut_ngrams},
                   {"ngrams_left_alone", left_alone},
                   {"cuts", all_cuts},
                   {"documents_cut", result.documents_changed}};
  result.tables = {{"ngrams_by_task", ngrams}, {"cuts_by_task", cuts}, {"documents_cut_by_task", documents}};
  result.summary = std::to_string(all_cuts) + " pieces of tasks cut out of " +
                   std::to_string(result.documents_changed) + " documents, " +
                   std::to_string(totals.dropped_short + totals.dropped_pieces) + " of which went";
  return std::move(result);
}

}  // namespace

TaskNgrams read_tasks_or_throw(const DecontaminateOptions& options) {
  TaskNgrams tasks(options.sizes);
  for (std::size_t i = 0; i < options.tasks.size(); ++i) {
    const std::string& file = options.tasks[i];
    const std::vector<std::string>& keys = options.keys_of(i);
    io::DocumentParser parser;
    tasks.begin_task(stem_of(file));
    io::LineBatchReader reader({file});
    while (const auto batch = reader.next_or_throw())
      io::for_each_record_or_throw(*batch, parser, io::document_format_of_name(file), keys,
                                   io::ListValues::accepted, io::OnError::fail,
                                   [&](const io::RecordView& record) {
                                     for (const io::FieldView& field : record.values)
                                       for (const std::string_view text : field.texts)
                                         tasks.add_text(text, record.line);
                                   });
  }
  return tasks;
}

RewriteResult decontaminate(KeptDocuments& documents, const DecontaminateOptions& options,
                            const RecordWriter& writer, const LineSink& output, io::OutputFile* matches) {
  const TaskNgrams tasks = read_tasks_or_throw(options);
  const Survey survey = survey_documents(documents, tasks, options);
  const std::uint64_t left_alone = list_left_alone(tasks, survey.frequencies, options.limits, matches);
  std::string split_prefix;
  for (const std::string& task : tasks.tasks()) split_prefix += task + "-";
  Totals totals(tasks);
  documents.read(
      "documents written", [&] { return StretchCleaner(tasks, survey, options, writer, split_prefix); },
      [&](CleanedStretch&& stretch) {
        output(stretch.bytes);
        if (matches != nullptr) matches->write_or_throw(stretch.matches);
        totals.add(stretch, tasks);
      });
  return finished(std::move(totals), tasks, left_alone);
}

}  // namespace gpt::dedup
