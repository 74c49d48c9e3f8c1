#include "apps/gpt-crawl/jsonl_pages.hpp"

#include <optional>
#include <string>
#include <string_view>

#include <simdjson.h>

#include "apps/gpt-crawl/extract/page.hpp"
#include "apps/gpt-crawl/extract/page_tree.hpp"
#include "apps/gpt-crawl/page_record.hpp"
#include "libcommon/io/errors.hpp"
#include "libcommon/io/json_text.hpp"
#include "libcommon/io/line_reader.hpp"
#include "libcommon/io/output_file.hpp"
#include "libcommon/log/progress.hpp"
#include "libcommon/threads/ordered_pipeline.hpp"

namespace gpt::crawl {
namespace {

namespace dom = simdjson::dom;

// What one line says beside its page.
struct InputRecord {
  std::string html;
  PageOrigin origin;
  std::string extra;  // further members, as the inside of a JSON object
};

bool is_own_field(std::string_view key) { return key == "title" || key == "text" || key == "lang"; }

void append_member(std::string& out, std::string_view key, const dom::element& value) {
  if (!out.empty()) out += ',';
  io::append_json_string(out, key);
  out += ':';
  out += simdjson::minify(value);
}

class RecordReader {
 public:
  explicit RecordReader(std::string html_key) : html_key_(std::move(html_key)) {}

  InputRecord read_or_throw(std::string_view line, const std::string& file, std::uint64_t number) {
    dom::object object;
    if (const auto error = parser_.parse(line.data(), line.size()).get(object))
      throw io::DataError(file, number,
                          error == simdjson::INCORRECT_TYPE
                              ? "not a JSON object"
                              : std::string("not valid JSON: ") + simdjson::error_message(error));
    InputRecord record;
    bool has_html = false;
    for (const auto field : object) {
      if (field.key == html_key_) {
        std::string_view html;
        if (field.value.get(html) != simdjson::SUCCESS)
          throw io::DataError(file, number, "field \"" + html_key_ + "\" is no string");
        record.html = html;
        has_html = true;
      } else {
        take_over(record, field);
      }
    }
    if (!has_html)
      throw io::DataError(file, number,
                          "no field \"" + html_key_ + "\": name the one that holds the page by --json-key");
    return record;
  }

 private:
  static void take_over(InputRecord& record, const dom::key_value_pair& field) {
    std::string_view text;
    std::int64_t number = 0;
    if (field.key == "url" && field.value.get(text) == simdjson::SUCCESS)
      record.origin.url = text;
    else if (field.key == "fetched_at" && field.value.get(text) == simdjson::SUCCESS)
      record.origin.fetched_at = std::string(text);
    else if (field.key == "status" && field.value.get(number) == simdjson::SUCCESS)
      record.origin.status = number;
    else if (!is_own_field(field.key) && field.key != "url" && field.key != "fetched_at" &&
             field.key != "status")
      append_member(record.extra, field.key, field.value);
  }

  std::string html_key_;
  dom::parser parser_;
};

struct ExtractedBatch {
  std::string records;
  RunCounts counts;
  io::RecordErrors errors;
};

void extract_record(const InputRecord& record, std::uint64_t max_bytes, ExtractedBatch& batch) {
  if (record.html.size() > max_bytes) {
    ++batch.counts.skipped[reason::kTooLarge];
    return;
  }
  batch.counts.bytes += record.html.size();
  try {
    // The JSON string is UTF-8 already, whatever the page declares.
    const Page page = extract_page(record.html, "text/html; charset=utf-8");
    if (page.text.empty()) {
      ++batch.counts.skipped[reason::kNoText];
      return;
    }
    PageOrigin origin = record.origin;
    if (origin.url.empty()) origin.url = page.canonical;
    append_page_record_with(batch.records, page, origin, record.extra);
    ++batch.counts.pages;
    batch.counts.text_bytes += page.text.size();
  } catch (const UnreadablePage& error) {
    ++batch.counts.skipped[error.what()];
  }
}

ExtractedBatch extract_batch(const io::LineBatch& lines, RecordReader& reader, const Options& options) {
  ExtractedBatch batch;
  batch.errors = io::RecordErrors(options.on_error);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines.line(i).find_first_not_of(" \t\r") == std::string_view::npos) continue;
    try {
      extract_record(reader.read_or_throw(lines.line(i), *lines.file, lines.first_line + i),
                     options.limits.max_bytes, batch);
    } catch (const io::DataError& error) {
      batch.errors.add_or_throw(error);
    }
  }
  return batch;
}

void add(RunCounts& sum, const RunCounts& part) {
  sum.pages += part.pages;
  sum.bytes += part.bytes;
  sum.text_bytes += part.text_bytes;
  for (const auto& [why, count] : part.skipped) sum.skipped[why] += count;
}

}  // namespace

JsonlResult extract_jsonl(const Options& options) {
  io::LineBatchReader reader(options.inputs);
  io::OutputFile output(options.output, options.existing());
  log::Progress progress(options.common.progress, "pages");
  JsonlResult result{{}, io::RecordErrors(options.on_error)};
  threads::run_ordered_pipeline(
      options.common.threads, [&] { return reader.next_or_throw(); },
      [&] {
        return [&options, records = RecordReader(options.json_key)](io::LineBatch&& lines) mutable {
          return extract_batch(lines, records, options);
        };
      },
      [&](ExtractedBatch&& batch) {
        output.write_or_throw(batch.records);
        add(result.counts, batch.counts);
        result.errors.absorb(batch.errors);
        progress.update(result.counts.pages);
      });
  progress.finish();
  output.commit_or_throw();
  return result;
}

}  // namespace gpt::crawl
