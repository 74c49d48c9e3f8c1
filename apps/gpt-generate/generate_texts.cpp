#include "apps/gpt-generate/generate_texts.hpp"

#include <map>
#include <string>

#include <unistd.h>

#include "apps/gpt-generate/prompt_source.hpp"
#include "apps/gpt-generate/text_writer.hpp"
#include "libcommon/log/logger.hpp"
#include "libcommon/log/progress.hpp"

namespace gpt::generate_tool {
namespace {

generate::GenerationLimits limits_of(const GenerateTask& task, const ModelVocabulary& vocabulary) {
  generate::GenerationLimits limits;
  limits.new_tokens = task.new_tokens;
  limits.total_tokens = task.total_tokens;
  limits.end_of_document = vocabulary.end_of_document;
  limits.vocabulary = static_cast<std::int64_t>(vocabulary.tokens.vocabulary_size());
  return limits;
}

// A live line would tear the texts apart where they go to the same terminal.
log::ProgressMode progress_mode(const Options& options) {
  const bool beside_texts = options.output == "-" && options.common.progress == log::ProgressMode::automatic;
  return beside_texts ? log::ProgressMode::off : options.common.progress;
}

void greet_whoever_types(const GenerateTask& task) {
  const auto* file = std::get_if<PromptFile>(&task.prompts);
  if (file == nullptr || file->path != "-" || isatty(STDIN_FILENO) == 0) return;
  log::info("type the beginning of a text and Enter; Ctrl-D ends");
}

using StopCounts = std::map<std::string, std::uint64_t>;

void note_outcome(const generate::GenerationCounts& counts, const PromptSource& source,
                  const StopCounts& stops, std::int64_t positions, log::RunReport& report) {
  report.set("prompts", source.prompts());
  report.set("texts", counts.texts);
  report.set("prompt_tokens", counts.prompt_tokens);
  report.set("new_tokens", counts.new_tokens);
  report.set("stops", stops);
  const auto at_the_end = stops.find(std::string(name_of(generate::StopReason::positions)));
  if (at_the_end == stops.end()) return;
  log::info(std::to_string(at_the_end->second) + " of " + std::to_string(counts.texts) +
            " texts ended where the model's " + std::to_string(positions) + " positions end");
}

}  // namespace

void generate_texts_or_throw(const Options& options, const GenerateTask& task, model::InferenceModel& model,
                             const ModelVocabulary& vocabulary, log::RunReport& report) {
  const std::int64_t positions = model.config().shape.positions;
  PromptSource source(task, options.json_key, vocabulary.tokens, vocabulary.end_of_document, positions);
  io::OutputFile output(options.output, options.common.force ? io::Existing::replace : io::Existing::refuse);
  const bool grows = options.format == OutputFormat::text && task.batch_size == 1;
  TextWriter writer(output, options.format, grows ? Showing::as_it_grows : Showing::when_ended,
                    vocabulary.tokens);
  log::Progress progress(progress_mode(options), "tokens");

  greet_whoever_types(task);

  std::uint64_t begun = 0;
  std::uint64_t tokens = 0;
  StopCounts stops;
  generate::GenerationSink sink;
  sink.next_prompt = [&]() -> std::optional<std::vector<std::int32_t>> {
    auto prompt = source.next_or_throw();
    if (!prompt) return std::nullopt;
    auto prompt_tokens = prompt->tokens;
    writer.begin_or_throw(begun++, std::move(*prompt));
    return prompt_tokens;
  };
  sink.on_token = [&](std::uint64_t text, std::int32_t token) {
    writer.token_or_throw(text, token);
    progress.update(++tokens);
  };
  sink.on_end = [&](std::uint64_t text, const generate::Completion& completion) {
    ++stops[std::string(name_of(completion.stop))];
    writer.end_or_throw(text, completion);
  };
  generate::Generator generator(model, task.sampling, limits_of(task, vocabulary), task.batch_size);
  const auto counts = generator.run_or_throw(sink);
  progress.finish();
  output.commit_or_throw();
  note_outcome(counts, source, stops, positions, report);
}

}  // namespace gpt::generate_tool
