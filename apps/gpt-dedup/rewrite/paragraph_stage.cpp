#include "apps/gpt-dedup/rewrite/paragraph_stage.hpp"

#include <algorithm>

#include "libcommon/text/utf8.hpp"

namespace gpt::dedup {
namespace {

RepeatedHashes find_repeats(KeptDocuments& documents, const ParagraphOptions& options) {
  RepeatedHashes repeated;
  const auto make_work = [&] {
    return [hasher = UnitHasher(options.unit, options.least_characters)](DocumentStretch&& stretch) mutable {
      std::vector<std::uint64_t> hashes;
      for (const io::Document& document : stretch.parsed.documents)
        for (const std::uint64_t hash : hasher.hashed(document.text).hashes)
          if (hash != 0) hashes.push_back(hash);
      return hashes;
    };
  };
  documents.read("documents searched", make_work, [&](std::vector<std::uint64_t>&& hashes) {
    for (const std::uint64_t hash : hashes) repeated.note(hash);
  });
  return repeated;
}

// Some documents of the second reading, with the units that may have to go.
struct MarkedStretch {
  struct Unit {
    std::size_t index = 0;
    std::uint64_t hash = 0;
  };
  struct Text {
    std::vector<TextUnit> units;  // empty where none is noted
    std::vector<Unit> noted;
  };
  DocumentStretch stretch;
  std::vector<Text> texts;  // of the documents
  std::uint64_t units = 0;
};

// The second reading's other half, on one thread and in order: what came before goes.
class UnitRemover {
 public:
  UnitRemover(RepeatedHashes& repeated, const ParagraphOptions& options, const RecordWriter& writer)
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
    const std::string name = options_.unit == RepeatUnit::lines ? "lines" : "paragraphs";
    result_.reasons = {{"repeated_" + name, emptied_}};
    result_.counts = {{name, units_}, {name + "_removed", removed_}, {"characters_removed", characters_}};
    result_.summary = std::to_string(removed_) + " of " + std::to_string(units_) + " " + name +
                      " taken out of " + std::to_string(result_.documents_changed) + " documents, " +
                      std::to_string(emptied_) + " of which went";
    return std::move(result_);
  }

 private:
  // Whether the document's text has changed.
  bool take_out(io::Document& document, const MarkedStretch::Text& text) {
    std::vector<bool> kept(text.units.size(), true);
    bool changed = false;
    for (const auto& [index, hash] : text.noted) {
      if (repeated_.times_before(hash) < options_.most_repeats) continue;
      kept[index] = false;
      changed = true;
      ++removed_;
      const TextUnit& unit = text.units[index];
      characters_ +=
          text::count_code_points(std::string_view(document.text).substr(unit.begin, unit.end - unit.begin));
    }
    if (changed) document.text = without_units(document.text, text.units, kept);
    return changed;
  }

  RepeatedHashes& repeated_;
  const ParagraphOptions& options_;
  const RecordWriter& writer_;
  RewriteResult result_;
  std::uint64_t units_ = 0;
  std::uint64_t removed_ = 0;
  std::uint64_t characters_ = 0;
  std::uint64_t emptied_ = 0;
};

}  // namespace

RewriteResult remove_repeated_units(KeptDocuments& documents, const ParagraphOptions& options,
                                    const RecordWriter& writer, const LineSink& output) {
  RepeatedHashes repeated = find_repeats(documents, options);
  UnitRemover remover(repeated, options, writer);
  // Only what is noted is looked up again, and that a worker may do: the table's hashes do not change.
  const auto make_work = [&] {
    return
        [&, hasher = UnitHasher(options.unit, options.least_characters)](DocumentStretch&& stretch) mutable {
          MarkedStretch marked;
          for (const io::Document& document : stretch.parsed.documents) {
            UnitHasher::HashedUnits hashed = hasher.hashed(document.text);
            marked.units += hashed.units.size();
            MarkedStretch::Text text;
            for (std::size_t i = 0; i < hashed.hashes.size(); ++i)
              if (hashed.hashes[i] != 0 && repeated.noted(hashed.hashes[i]))
                text.noted.push_back({i, hashed.hashes[i]});
            if (!text.noted.empty()) text.units = std::move(hashed.units);
            marked.texts.push_back(std::move(text));
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
