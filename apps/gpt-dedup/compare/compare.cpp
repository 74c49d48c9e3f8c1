#include "apps/gpt-dedup/compare/compare.hpp"

#include <charconv>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <utility>

#include "apps/gpt-dedup/compare/comparison.hpp"
#include "libcommon/cli/errors.hpp"
#include "libcommon/cli/run_files.hpp"
#include "libcommon/io/byte_source.hpp"
#include "libcommon/io/document.hpp"
#include "libcommon/io/errors.hpp"
#include "libcommon/io/file_name.hpp"
#include "libcommon/io/json_text.hpp"
#include "libcommon/io/line_reader.hpp"
#include "libcommon/io/output_file.hpp"
#include "libcommon/log/run_report.hpp"
#include "libcommon/text/utf8.hpp"

namespace gpt::dedup {
namespace {

// "pages.jsonl:17" → the file and 17, unless a file has that very name.
std::pair<std::string, std::optional<std::uint64_t>> place_of(const std::string& name) {
  const std::size_t colon = name.rfind(':');
  std::error_code error;
  if (colon == std::string::npos || std::filesystem::exists(name, error)) return {name, std::nullopt};
  std::uint64_t line = 0;
  const char* end = name.data() + name.size();
  const auto read = std::from_chars(name.data() + colon + 1, end, line);
  if (read.ec != std::errc() || read.ptr != end) return {name, std::nullopt};
  if (line == 0) throw cli::UsageError("'" + name + "' names no document: lines count from 1");
  return {name.substr(0, colon), line};
}

std::string line_or_throw(const std::string& file, std::uint64_t line, const std::string& text_key) {
  io::LineReader reader(io::open_input_or_throw(file));
  while (const auto bytes = reader.next_or_throw()) {
    if (reader.line_number() < line) continue;
    if (io::document_format_of_name(file) == io::DocumentFormat::text) return std::string(*bytes);
    return io::DocumentParser(text_key).parse_or_throw(*bytes, file, line).text;
  }
  throw io::DataError(file, "has " + std::to_string(reader.line_number()) + " lines: there is no line " +
                                std::to_string(line));
}

// The text of A or B.
std::string text_or_throw(const std::string& name, const CompareOptions& options) {
  std::string text = name;
  if (!options.are_texts) {
    const auto [file, line] = place_of(name);
    if (line) return line_or_throw(file, *line, options.text_key);
    if (io::name_ends_with(io::without_compression(file), ".jsonl"))
      throw cli::UsageError("'" + file + "' holds documents: name one by its line, as " + file + ":1");
    text = io::read_file_or_throw(file);
  }
  if (!text::is_valid_utf8(text))
    throw io::DataError(options.are_texts ? "the text" : name, "is not valid UTF-8");
  return text;
}

std::string fixed(double value) {
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%.4f", value);
  return buffer;
}

std::string list_of(const std::vector<std::size_t>& numbers, const std::string& between) {
  std::string list;
  for (const std::size_t number : numbers) list += (list.empty() ? "" : between) + std::to_string(number);
  return list;
}

std::string as_text(const Comparison& comparison, const MinHashOptions& options) {
  const std::string unit = options.shingles.unit == ShingleUnit::words ? " words" : " characters";
  std::string out = "shingles    " + std::to_string(comparison.first_shingles) + " and " +
                    std::to_string(comparison.second_shingles) + " of " +
                    std::to_string(options.shingles.length) + unit + ", " +
                    std::to_string(comparison.common_shingles) + " in both\n";
  out += "jaccard     " + fixed(comparison.jaccard) + "  of the shingles\n";
  out += "minhash     " + fixed(comparison.minhash) + "  of the fingerprints as sets of " +
         std::to_string(options.seeds) + " numbers\n";
  out += "signature   " + fixed(comparison.signature) + "  share of the seeds that agree\n";
  out += "candidates  ";
  if (comparison.has_no_shingles()) return out + "no: a text without a shingle is like no other\n";
  out += comparison.candidates() ? "yes: bands " + list_of(comparison.bands, ", ") + " of " +
                                       std::to_string(options.bands) + " agree"
                                 : "no: none of " + std::to_string(options.bands) + " bands agrees";
  return out + " (a chance of " + fixed(comparison.probability) + " at this Jaccard index)\n";
}

std::string as_json(const Comparison& comparison, const MinHashOptions& options) {
  return "{\"shingles\":[" + std::to_string(comparison.first_shingles) + "," +
         std::to_string(comparison.second_shingles) +
         "],\"common_shingles\":" + std::to_string(comparison.common_shingles) +
         ",\"jaccard\":" + io::json_number(comparison.jaccard) +
         ",\"minhash\":" + io::json_number(comparison.minhash) +
         ",\"signature\":" + io::json_number(comparison.signature) +
         ",\"seeds\":" + std::to_string(options.seeds) + ",\"bands\":" + std::to_string(options.bands) +
         ",\"agreeing_bands\":[" + list_of(comparison.bands, ",") +
         "],\"candidates\":" + (comparison.candidates() ? "true" : "false") +
         ",\"probability\":" + io::json_number(comparison.probability) + "}\n";
}

void check_files_of(const CompareOptions& options) {
  cli::RunFiles files;
  files.add_output("the output", std::string("-"));
  for (const std::string& text : options.texts)
    if (!options.are_texts) files.add_input("a text", place_of(text).first);
  cli::check_files_or_throw(std::move(files), options.common.report);
}

}  // namespace

cli::ExitCode run_compare(const CompareOptions& options) {
  log::RunReport report("gpt-dedup compare");
  if (!options.are_texts && options.texts[0] == "-" && options.texts[1] == "-")
    throw cli::UsageError("stdin ('-') can be read only once");
  check_files_of(options);
  const std::string first = text_or_throw(options.texts[0], options);
  const std::string second = text_or_throw(options.texts[1], options);
  const Comparison comparison = compare_texts(first, second, options.minhash, options.common.seed);
  io::OutputFile output("-");
  output.write_or_throw(options.format == ComparisonFormat::json ? as_json(comparison, options.minhash)
                                                                 : as_text(comparison, options.minhash));
  output.commit_or_throw();
  if (options.common.report) {
    report.set("jaccard", comparison.jaccard);
    report.set("minhash", comparison.minhash);
    report.set("signature", comparison.signature);
    report.write_or_throw(*options.common.report);
  }
  return cli::ExitCode::done;
}

}  // namespace gpt::dedup
