#include "apps/gpt-generate/score_texts.hpp"

#include <cmath>
#include <cstdio>
#include <functional>
#include <numbers>

#include "libcommon/cli/errors.hpp"
#include "libcommon/io/byte_source.hpp"
#include "libcommon/io/document.hpp"
#include "libcommon/io/errors.hpp"
#include "libcommon/io/json_text.hpp"
#include "libcommon/io/line_reader.hpp"
#include "libcommon/io/output_file.hpp"
#include "libcommon/log/progress.hpp"
#include "libcommon/text/utf8.hpp"
#include "libcommon/tokenizer/encoder.hpp"
#include "libgpt/generate/score.hpp"

namespace gpt::generate_tool {
namespace {

struct Total {
  generate::Score score;
  std::uint64_t documents = 0;
  std::uint64_t bytes = 0;

  double bits_per_byte() const { return score.loss / std::numbers::ln2 / static_cast<double>(bytes); }
};

void for_each_document_or_throw(const std::string& path, const std::string& json_key,
                                const std::function<void(const std::string&)>& visit) {
  if (!names_json_lines(path)) {
    const auto text = io::read_file_or_throw(path);
    if (!text::is_valid_utf8(text)) throw io::DataError(path, "not valid UTF-8");
    if (!text.empty()) visit(text);
    return;
  }
  io::LineReader lines(io::open_input_or_throw(path));
  io::DocumentParser parser(json_key);
  while (const auto line = lines.next_or_throw()) {
    visit(parser.parse_or_throw(*line, lines.name(), lines.line_number()).text);
  }
}

std::int64_t stride_of(const ScoreTask& task, std::int64_t positions) {
  const std::int64_t stride = task.stride.value_or(std::max<std::int64_t>(1, positions / 2));
  if (stride > positions) {
    throw cli::UsageError("--stride " + std::to_string(stride) + " is more than the model's " +
                          std::to_string(positions) + " positions");
  }
  return stride;
}

std::string decimal(double value) {
  char text[64];
  std::snprintf(text, sizeof text, "%.6g", value);
  return text;
}

std::string rendered(const Total& total, OutputFormat format) {
  const auto& score = total.score;
  if (format == OutputFormat::jsonl) {
    return "{\"loss\":" + io::json_number(score.mean_loss()) +
           ",\"perplexity\":" + io::json_number(score.perplexity()) +
           ",\"tokens\":" + std::to_string(score.tokens) +
           ",\"documents\":" + std::to_string(total.documents) + ",\"bytes\":" + std::to_string(total.bytes) +
           ",\"bits_per_byte\":" + io::json_number(total.bits_per_byte()) + "}\n";
  }
  return "mean loss " + decimal(score.mean_loss()) + "\nperplexity " + decimal(score.perplexity()) +
         "\ntokens " + std::to_string(score.tokens) + "\ndocuments " + std::to_string(total.documents) +
         "\nbits per byte " + decimal(total.bits_per_byte()) + "\n";
}

}  // namespace

void score_texts_or_throw(const Options& options, const ScoreTask& task, model::InferenceModel& model,
                          const ModelVocabulary& vocabulary, log::RunReport& report) {
  const std::int64_t stride = stride_of(task, model.config().shape.positions);
  io::OutputFile output(options.output, options.common.force ? io::Existing::replace : io::Existing::refuse);
  tokenizer::Encoder encoder(vocabulary.tokens);
  log::Progress progress(options.common.progress, "documents");
  Total total;
  std::vector<std::int32_t> tokens;
  for_each_document_or_throw(task.path, options.json_key, [&](const std::string& text) {
    tokens.clear();
    if (vocabulary.end_of_document) tokens.push_back(*vocabulary.end_of_document);
    for (const auto id : encoder.encode_or_throw(text)) tokens.push_back(static_cast<std::int32_t>(id));
    total.score += generate::score_tokens_or_throw(model, tokens, stride);
    total.bytes += text.size();
    progress.update(++total.documents);
  });
  progress.finish();
  if (total.score.tokens == 0) throw io::DataError(task.path, "holds no text to score");
  output.write_or_throw(rendered(total, options.format));
  output.commit_or_throw();
  report.set("documents", total.documents);
  report.set("tokens", total.score.tokens);
  report.set("bytes", total.bytes);
  report.set("loss", total.score.mean_loss());
  report.set("perplexity", total.score.perplexity());
}

}  // namespace gpt::generate_tool
