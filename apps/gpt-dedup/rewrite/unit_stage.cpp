#include "apps/gpt-dedup/rewrite/unit_stage.hpp"

#include <algorithm>
#include <span>

#include "apps/gpt-dedup/rewrite/repeated_hashes.hpp"
#include "apps/gpt-dedup/rewrite/unit_spans.hpp"
#include "libcommon/text/utf8.hpp"

namespace gpt::dedup {
namespace {

std::string name_of(RepeatUnit unit) {
  if (unit == RepeatUnit::lines) return "lines";
  return unit == RepeatUnit::sentences ? "sentences" : "paragraphs";
}

RepeatedHashes find_repeats(KeptDocuments& documents, const UnitOptions& options) {
  RepeatedHashes repeated;
  const auto make_work = [&] {
    return [hasher = SpanHasher(options)](DocumentStretch&& stretch) mutable {
      std::vector<std::uint64_t> hashes;
      for (const io::Document& document : stretch.parsed.documents)
        for (const UnitSpan& span : hasher.spans(document.text).spans) hashes.push_back(span.hash);
      return hashes;
    };
  };
  documents.read("documents searched", make_work, [&](std::vector<std::uint64_t>&& hashes) {
    for (const std::uint64_t hash : hashes) repeated.note(hash);
  });
  return repeated;
}

// Some documents of the second reading, with the runs of units that may have to go.
struct MarkedStretch {
  DocumentStretch stretch;
  std::vector<UnitSpans> texts;  // of the documents; empty where no span is noted
  std::uint64_t units = 0;
};

// The second reading's other half, on one thread and in order: what came before goes.
class UnitRemover {
 public:
  UnitRemover(RepeatedHashes& repeated, const UnitOptions& options, const RecordWriter& writer)
      : repeated_(repeated), options_(options), writer_(writer) {}

  std::string remove(MarkedStretch&& marked) {
    std::string bytes;
    units_ += marked.units;
    for (std::size_t i = 0; i < marked.texts.size(); ++i) {
      io::Document& document = marked.stretch.parsed.documents[i];
      if (take_out(document, marked.texts[i])) {
        ++result_.documents_changed;
        if (document.text.find_first_not_of(" \t\r\n\v\f") == std::string::npos) {
          ++emptied_;
          continue;
        }
        writer_.append_changed(bytes, document, marked.stretch.format);
      } else {
        writer_.append(bytes, marked.stretch.line(i), document, marked.stretch.format);
      }
      ++result_.documents_out;
    }
    return bytes;
  }

  RewriteResult result() && {
    const std::string name = name_of(options_.unit);
    result_.reasons = {{"repeated_" + name, emptied_}};
    result_.counts = {{name, units_}, {name + "_removed", removed_}, {"characters_removed", characters_}};
    result_.summary = std::to_string(removed_) + " of " + std::to_string(units_) + " " + name +
                      " taken out of " + std::to_string(result_.documents_changed) + " documents, " +
                      std::to_string(emptied_) + " of which went";
    return std::move(result_);
  }

 private:
  // Whether the document's text has changed.
  bool take_out(io::Document& document, const UnitSpans& text) {
    std::vector<bool> kept(text.units.size(), true);
    std::vector<bool> counted(text.spans.size());
    bool changed = false;
    for (std::size_t i = 0; i < text.spans.size(); ++i) {
      const UnitSpan& span = text.spans[i];
      // "Ha! Ha! Ha! Ha!" holds three of them once, not twice.
      if (overlaps_its_like(std::span(text.spans).first(i), counted, span)) continue;
      counted[i] = true;
      if (repeated_.times_before(span.hash) < options_.most_repeats) continue;
      for (std::size_t unit = span.first; unit < span.end; ++unit) kept[unit] = false;
      changed = true;
    }
    if (!changed) return false;
    count_removed(document.text, text.units, kept);
    document.text = without_units(document.text, text.units, kept);
    return true;
  }

  static bool overlaps_its_like(std::span<const UnitSpan> before, const std::vector<bool>& counted,
                                const UnitSpan& span) {
    for (std::size_t i = before.size(); i > 0 && before[i - 1].end > span.first; --i)
      if (counted[i - 1] && before[i - 1].hash == span.hash) return true;
    return false;
  }

  void count_removed(std::string_view text, const std::vector<TextUnit>& units,
                     const std::vector<bool>& kept) {
    for (std::size_t i = 0; i < units.size(); ++i) {
      if (kept[i]) continue;
      ++removed_;
      characters_ += text::count_code_points(text.substr(units[i].begin, units[i].end - units[i].begin));
    }
  }

  RepeatedHashes& repeated_;
  const UnitOptions& options_;
  const RecordWriter& writer_;
  RewriteResult result_;
  std::uint64_t units_ = 0;
  std::uint64_t removed_ = 0;
  std::uint64_t characters_ = 0;
  std::uint64_t emptied_ = 0;
};

}  // namespace

RewriteResult remove_repeated_units(KeptDocuments& documents, const UnitOptions& options,
                                    const RecordWriter& writer, const LineSink& output) {
  RepeatedHashes repeated = find_repeats(documents, options);
  UnitRemover remover(repeated, options, writer);
  // Only what is noted is looked up again, and that a worker may do: the table's hashes do not change.
  const auto make_work = [&] {
    return [&, hasher = SpanHasher(options)](DocumentStretch&& stretch) mutable {
      MarkedStretch marked;
      for (const io::Document& document : stretch.parsed.documents) {
        UnitSpans text = hasher.spans(document.text);
        marked.units += text.units.size();
        std::erase_if(text.spans, [&](const UnitSpan& span) { return !repeated.noted(span.hash); });
        marked.texts.push_back(text.spans.empty() ? UnitSpans() : std::move(text));
      }
      marked.stretch = std::move(stretch);
      return marked;
    };
  };
  documents.read("documents written", make_work,
                 [&](MarkedStretch&& marked) { output(remover.remove(std::move(marked))); });
  return std::move(remover).result();
}

}  // namespace gpt::dedup
