#include "apps/gpt-clean/cleaner.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "apps/gpt-clean/repairs.hpp"
#include "apps/gpt-clean/rules/fixed_decimals.hpp"
#include "apps/gpt-clean/sample.hpp"
#include "apps/gpt-clean/vocabulary.hpp"
#include "libcommon/io/json_text.hpp"
#include "libcommon/text/utf8.hpp"

namespace gpt::clean {
namespace {

constexpr std::size_t kExampleBytes = 120;
// Of a text, looked at for personal data before it is cut to an example.
constexpr std::size_t kMaskedBytes = 1024;
// Of personal data: an address by RFC 5321. What a cut left of one is not longer either.
constexpr std::size_t kLongestSpan = 64 + 1 + 255;

// The name under which lines that were not valid UTF-8 are counted; no rule sees them, since reading repairs
// them.
constexpr std::string_view kInvalidUtf8 = "invalid-utf8";

std::string beginning_of(std::string_view text) {
  std::string beginning(text::utf8_front(text, kExampleBytes));
  std::replace(beginning.begin(), beginning.end(), '\n', ' ');
  return beginning;
}

void count(ReasonCount& reason, std::uint64_t found, const Example& example) {
  reason.count += found;
  reason.keep(example);
}

// One line for a text file: its line ends, and those of a document that is one line, become spaces.
std::string on_one_line(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (c != '\n') {
      out.push_back(c);
    } else if (!out.empty() && out.back() != ' ') {
      out.push_back(' ');
    }
  }
  return out;
}

// Rules count what they change; those on sentences may also lay out anew what they keep.
bool may_have_changed_text(Rule::Unit unit, const Outcome& outcome) {
  if (unit == Rule::Unit::sentences_dropped) return true;
  return unit != Rule::Unit::documents_dropped && outcome.count > 0;
}

// A JSON object with further fields, written as the inside of one.
std::string with_fields(std::string object, const std::string& extra) {
  if (extra.empty()) return object;
  object.pop_back();
  if (object != "{") object += ",";
  return object + extra + "}";
}

FieldChoice replacing(FieldChoice choice, std::vector<std::string> names) {
  choice.replaced = std::move(names);
  return choice;
}

// The inside of a JSON object.
std::string language_fields(const std::string& field, const WorkingDocument& document) {
  return io::json_string(field) + ":" + io::json_string(document.language) + "," +
         io::json_string(field + "_confidence") + ":" + with_decimals(document.language_confidence, 3);
}

}  // namespace

Cleaner::Cleaner(const Options& options, const Recipe& recipe, io::DocumentFormat output_format)
    : options_(options),
      output_format_(output_format),
      parser_(options.text_key),
      kept_fields_(replacing(options.fields, fields_of_kept(options))),
      rejected_fields_(replacing({}, fields_of_rejected())),
      rules_(make_rules_or_throw(recipe)),
      repairs_(count_leading_repairs(rules_)),
      is_masked_(std::any_of(rules_.begin(), rules_.end(),
                             [](const auto& rule) { return rule->unit() == Rule::Unit::spans_masked; })) {
  if (options.annotate) working_.wanted = WorkingDocument::Wanted::measures;
  if (options.statistics) {
    meter_.emplace(options.sentence_language,
                   shared_tokenizer_or_throw(options.vocab_file, options.merge_file));
  }
}

Tally Cleaner::empty_tally() const {
  Tally tally;
  tally.errors = io::RecordErrors(options_.on_error);
  tally.reasons.push_back({std::string(kInvalidUtf8), Rule::Unit::documents_changed, 0, {}});
  for (const auto& rule : rules_) {
    tally.reasons.push_back({std::string(rule->name()), rule->unit(), 0, {}});
  }
  return tally;
}

CleanedBatch Cleaner::clean_or_throw(io::LineBatch lines, io::DocumentFormat input_format) {
  CleanedBatch result;
  result.tally = empty_tally();
  Tally& tally = result.tally;
  io::DocumentBatch batch =
      io::parse_batch_or_throw(lines, parser_, input_format, options_.on_error, io::InvalidUtf8::replace);
  tally.errors.absorb(batch.errors);
  std::string().swap(lines.bytes);
  parser_.forget_large_line();
  for (std::size_t i = 0; i < batch.documents.size(); ++i) {
    io::Document& document = batch.documents[i];
    ++tally.documents_in;
    if (options_.sample < 1.0 && !is_sampled(document, options_.sample, options_.common.seed)) {
      ++tally.documents_unsampled;
      continue;
    }
    if (batch.repaired[i]) {
      count(tally.reasons[0], 1, {*lines.file, batch.lines[i], shown(document.text), {}});
    }
    clean_document(document, *lines.file, batch.lines[i], result);
  }
  return result;
}

void Cleaner::clean_document(io::Document& document, const std::string& file, std::uint64_t line,
                             CleanedBatch& result) {
  Tally& tally = result.tally;
  std::optional<std::string> source;
  if (options_.sources.by) source = options_.sources.by->group_of(parser_, document);
  if (meter_) meter_->measure(document.text, source, tally.before);
  take_up(document);
  tally.characters_in += working_.characters();
  std::string detail;
  const std::size_t stopped = apply_rules(document, file, line, tally, detail);
  working_.end_judging();
  if (stopped == rules_.size()) {
    ++tally.documents_out;
    tally.characters_out += working_.characters();
    if (meter_) meter_->measure(working_.text, source, tally.after);
    append_kept(result.kept, document);
    result.kept_ends.push_back(result.kept.size());
  } else if (options_.rejected) {
    append_record(result.rejected, document,
                  "\"rejected\":" + io::json_string(rules_[stopped]->name()) +
                      ",\"rejected_detail\":" + io::json_string(detail),
                  rejected_fields_);
  }
  if (document.record.size() > WorkingDocument::kLarge) document = {};
}

void Cleaner::take_up(io::Document& document) {
  if (document.text.size() <= WorkingDocument::kLarge || options_.rejected) {
    working_.begin(document.text);
    return;
  }
  std::string beginning(text::utf8_front(document.text, 2 * kMaskedBytes));
  working_.begin(std::move(document.text));
  document.text = std::move(beginning);
}

std::size_t Cleaner::apply_rules(const io::Document& original, const std::string& file, std::uint64_t line,
                                 Tally& tally, std::string& detail) {
  quality_.clear();
  std::vector<Outcome> repaired = apply_repairs(std::span(rules_).first(repairs_), working_);
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    Outcome outcome = i < repairs_ ? std::move(repaired[i]) : rules_[i]->apply(working_);
    if (i >= repairs_ && may_have_changed_text(rules_[i]->unit(), outcome)) working_.text_changed();
    if (options_.annotate) quality_.add(rules_[i]->name(), outcome);
    if (outcome.count == 0) continue;
    ReasonCount& reason = tally.reasons[i + 1];
    reason.count += outcome.count;
    if (reason.wants_example()) reason.keep({file, line, shown(original.text), shown(outcome.detail)});
    if (outcome.fate == Outcome::Fate::dropped && !options_.annotate) {
      detail = std::move(outcome.detail);
      return i;
    }
  }
  return rules_.size();
}

std::string Cleaner::shown(std::string_view text) {
  if (!is_masked_) return beginning_of(text);
  const std::string_view looked_at = text::utf8_front(text, kMaskedBytes);
  WorkingDocument front{std::string(looked_at)};
  const auto apply = [&](Rule& rule) {
    if (may_have_changed_text(rule.unit(), rule.apply(front))) front.text_changed();
  };
  // Numbers and addresses may be written with entities or invisible characters, so repairs come first.
  for (const auto& rule : rules_) {
    if (rule->unit() == Rule::Unit::documents_changed) apply(*rule);
  }
  for (const auto& rule : rules_) {
    if (rule->unit() == Rule::Unit::spans_masked) apply(*rule);
  }
  std::string_view safe = front.text;
  if (looked_at.size() < text.size())
    safe = text::utf8_front(safe, safe.size() - std::min(safe.size(), kLongestSpan));
  return beginning_of(safe);
}

std::string Cleaner::extra_fields() const {
  std::string extra;
  const std::string field = language_field_of(options_);
  if (!field.empty()) extra = language_fields(field, working_);
  if (!options_.annotate) return extra;
  const std::string measures = quality_.fields();
  return extra + (extra.empty() || measures.empty() ? "" : ",") + measures;
}

void Cleaner::append_kept(std::string& out, io::Document& document) {
  if (output_format_ == io::DocumentFormat::text) {
    out += options_.split_sentences ? working_.text : on_one_line(working_.text);
    out.push_back('\n');
    return;
  }
  const std::string extra = extra_fields();
  document.text.swap(working_.text);
  append_record(out, document, extra, kept_fields_);
}

void Cleaner::append_record(std::string& out, const io::Document& document, const std::string& extra,
                            RecordFields& fields) const {
  if (!fields.changes(document.record)) {
    io::append_json_record_with(out, document, extra, options_.text_key);
    return;
  }
  std::string record;
  io::append_json_record(record, document, options_.text_key);
  out += with_fields(fields.chosen(record), extra);
  out.push_back('\n');
}

}  // namespace gpt::clean
