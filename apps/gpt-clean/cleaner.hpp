#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "apps/gpt-clean/options.hpp"
#include "apps/gpt-clean/quality_fields.hpp"
#include "apps/gpt-clean/recipe.hpp"
#include "apps/gpt-clean/rules/rule.hpp"
#include "apps/gpt-clean/tally.hpp"
#include "libcommon/io/document_batch.hpp"

namespace gpt::clean {

// What a batch of lines became.
struct CleanedBatch {
  std::string kept;                    // bytes for the output
  std::vector<std::size_t> kept_ends;  // where each document ends in them
  std::string rejected;                // bytes for the file of what was dropped
  Tally tally;
};

// One worker: reads a batch of lines as documents, applies the rules, writes the documents that are left.
class Cleaner {
 public:
  Cleaner(const Options& options, const Recipe& recipe, io::DocumentFormat output_format);

  // Throws io::DataError on a bad record, unless the options skip these.
  CleanedBatch clean_or_throw(io::LineBatch lines, io::DocumentFormat input_format);

  // Every reason with a count of nothing.
  Tally empty_tally() const;

 private:
  // Begins with a document's text. Of a large one that nothing will ask for again the document keeps but a
  // beginning, for examples.
  void take_up(io::Document& document);
  // One document, whose place is file and line: measures it, applies the rules, adds what is left to the
  // result.
  void clean_document(io::Document& document, const std::string& file, std::uint64_t line,
                      CleanedBatch& result);
  // Applies the rules to working_. The index of the rule that dropped the document, or rules_.size().
  std::size_t apply_rules(const io::Document& original, const std::string& file, std::uint64_t line,
                          Tally& tally, std::string& detail);
  // The beginning of a text as it may be shown in a report: where rules mask something it is shown repaired
  // and masked.
  std::string shown(std::string_view text);
  // What is added to the record of a document that is kept, the inside of a JSON object.
  std::string extra_fields() const;
  void append_kept(std::string& out, io::Document& document);
  // Appends the document's record with further fields, which take the place of those of their names.
  void append_record(std::string& out, const io::Document& document, const std::string& extra,
                     RecordFields& fields) const;

  const Options& options_;
  io::DocumentFormat output_format_;
  io::DocumentParser parser_;
  std::optional<TextMeter> meter_;  // where statistics are asked for
  RecordFields kept_fields_;
  RecordFields rejected_fields_;
  Rules rules_;
  std::size_t repairs_;      // rules at their front that only repair
  bool is_masked_;           // whether rules mask something
  WorkingDocument working_;  // the one that is looked at
  QualityFields quality_;    // what the rules said of it
};

}  // namespace gpt::clean
