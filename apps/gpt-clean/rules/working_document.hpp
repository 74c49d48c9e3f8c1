#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "apps/gpt-clean/rules/hash_tables.hpp"
#include "apps/gpt-clean/rules/text_tables.hpp"
#include "libcommon/text/utf8.hpp"

namespace gpt::clean {

// A document on its way through the rules, with what several of them judge it by.
class WorkingDocument {
 public:
  // What is asked of the rules: whether the document stays; or by what numbers they judge it too
  // (Outcome::measure), which may take longer.
  enum class Wanted { verdict, measures };

  explicit WorkingDocument(Wanted its_wanted = Wanted::verdict) : wanted(its_wanted) {}
  explicit WorkingDocument(std::string its_text, std::string its_language = {})
      : text(std::move(its_text)), language(std::move(its_language)) {}

  Wanted wanted = Wanted::verdict;
  std::string text;                  // valid UTF-8
  std::string language;              // as identified, "" while nothing asked for it
  double language_confidence = 0.0;  // of the identification, 0..1

  // Bytes of a text for which memory is given back as soon as it can be.
  static constexpr std::size_t kLarge = std::size_t{16} << 20;

  // Takes up another document; buffers stay, but for those of a large one.
  void begin(std::string_view its_text) {
    if (text.capacity() > kLarge) *this = WorkingDocument(wanted);
    text = its_text;
    restart();
  }
  void begin(std::string&& its_text) {
    text = std::move(its_text);
    restart();
  }

  // No rule will look at the document any more.
  void end_judging() {
    if (tables_.words().capacity() * sizeof(Word) > kLarge) tables_ = {};
    if (hash_set_.bytes() > kLarge) hash_set_ = {};
    if (hash_counts_.bytes() > kLarge) hash_counts_ = {};
    is_tabulated_ = false;
  }

  // Whoever changes the text says so; of rules that may change it the cleaner does.
  void text_changed() {
    is_tabulated_ = false;
    characters_.reset();
    ngrams_differ_from_ = kNoLength;
  }

  // Computed when they are first asked for, and again when the text has changed.
  const TextTables& tables() {
    if (!is_tabulated_) tables_.tabulate(text);
    is_tabulated_ = true;
    return tables_;
  }

  std::size_t characters() {
    if (!characters_) characters_ = text::count_code_points(text);
    return *characters_;
  }

  std::string_view text_of(const Word& word) const {
    return std::string_view(text).substr(word.begin, word.length);
  }
  std::string_view text_of(const Line& line) const {
    return std::string_view(text).substr(line.begin, line.length);
  }

  // What is known of repetition: no two runs of that many words, or of more, are the same.
  bool ngrams_differ(std::size_t length) const { return length >= ngrams_differ_from_; }
  void note_ngrams_differ(std::size_t length) {
    if (length < ngrams_differ_from_) ngrams_differ_from_ = length;
  }

  // For a rule to fill while it looks at a document; large documents need them large, hence only one of each.
  HashSet& hash_set() { return hash_set_; }
  HashCounts& hash_counts() { return hash_counts_; }

 private:
  void restart() {
    language.clear();
    language_confidence = 0.0;
    text_changed();
  }

  static constexpr std::size_t kNoLength = ~std::size_t{0};

  TextTables tables_;
  HashSet hash_set_;
  HashCounts hash_counts_;
  bool is_tabulated_ = false;
  std::optional<std::size_t> characters_;
  std::size_t ngrams_differ_from_ = kNoLength;
};

}  // namespace gpt::clean
