#include "apps/gpt-train/print_layout.hpp"

#include "apps/gpt-train/layout_sheet.hpp"
#include "apps/gpt-train/overview.hpp"
#include "apps/gpt-train/settle.hpp"
#include "apps/gpt-train/standard_output.hpp"
#include "apps/gpt-train/start_point.hpp"
#include "apps/gpt-train/vocabulary.hpp"
#include "libcommon/log/logger.hpp"
#include "libcommon/log/run_report.hpp"

namespace gpt::train_tool {
namespace {

constexpr std::int64_t kGpt2Vocabulary = 50257;

// A layout can be asked for before there is a vocabulary.
std::int64_t vocabulary_size_or_throw(const Options& options, const StartPoint& start) {
  if (options.data.vocab_file) return read_vocabulary_or_throw(options.data, nullptr).size;
  if (start.folder) return start.folder->config().model.shape.vocabulary;
  log::warning("without --vocab-file the vocabulary is taken to be GPT-2's, of " +
               std::to_string(kGpt2Vocabulary));
  return kGpt2Vocabulary;
}

}  // namespace

cli::ExitCode print_layout(const Options& options) {
  log::RunReport report("gpt-train");
  const StartPoint start = find_start_or_throw(options);
  const model::ModelConfig model =
      model_config_or_throw(options, start, vocabulary_size_or_throw(options, start));
  const cost::Layout layout = layout_of_model_or_throw(options, model.shape);
  const LayoutSheet sheet = layout_sheet(options, model.shape, layout);
  std::string text = layout_text(sheet);
  text.pop_back();
  print_line_or_throw(model_overview(model));
  print_line_or_throw(text);
  if (options.common.report) {
    report.set("parameters", cost::parameter_count(model.shape));
    report.set_json("layout", layout_json(sheet));
    report.write_or_throw(*options.common.report);
  }
  return cli::ExitCode::done;
}

}  // namespace gpt::train_tool
