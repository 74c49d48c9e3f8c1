#include "apps/gpt-generate/options.hpp"

#include <algorithm>

#include <CLI/CLI.hpp>

#include "libcommon/cli/errors.hpp"
#include "libcommon/cli/number_range.hpp"
#include "libcommon/io/file_name.hpp"
#include "libcommon/text/utf8.hpp"

namespace gpt::generate_tool {
namespace {

constexpr std::int64_t kDefaultNewTokens = 128;
constexpr std::int64_t kDefaultBatch = 8;
// No machine has more; below it no product of sizes leaves 64 bits.
constexpr std::int64_t kMostRanks = std::int64_t{1} << 20;

// The command line as it was written, before it makes sense as a whole.
struct Written {
  std::vector<std::string> prompts;
  std::optional<std::string> input;
  std::optional<std::int64_t> samples;
  std::optional<std::int64_t> new_tokens;
  std::optional<std::int64_t> total_tokens;
  std::optional<std::int64_t> batch_size;
  std::optional<std::string> score;
  std::optional<std::int64_t> stride;
  std::optional<std::string> format;
  generate::SamplingOptions sampling;
  std::string device = "auto";
  bool bf16 = false, fp16 = false, share_gpus = false, no_cuda_graph = false;
};

CLI::Option* add_count(CLI::App& app, const std::string& name, std::optional<std::int64_t>& value,
                       const std::string& help, std::int64_t least = 1) {
  return app.add_option(name, value, help)
      ->check(CLI::Range(least, std::int64_t{1} << 31).description(""))
      ->type_name("N");
}

void add_model_options(CLI::App& app, Options& options) {
  app.add_option("--load", options.load, "Model: a Hugging Face GPT-2 folder, or one of checkpoints")
      ->required()
      ->type_name("FOLDER");
  app.add_option("--vocab-file,--vocab", options.vocab_file,
                 "vocab.json or a tokenizer.json; by default that in the model's folder")
      ->type_name("FILE");
  app.add_option("--merge-file", options.merge_file, "merges.txt; by default the one in the model's folder")
      ->type_name("FILE");
}

void add_prompt_options(CLI::App& app, Options& options, Written& written) {
  auto* prompt = app.add_option("--prompt", written.prompts, "Text to continue; may be given several times")
                     ->allow_extra_args(false)
                     ->type_name("TEXT");
  app.add_option("--input,--sample-input-file", written.input,
                 "Prompts to continue, one a line, or JSON Lines by its name; '-' is stdin")
      ->excludes(prompt)
      ->type_name("FILE");
  app.add_option("--json-key", options.json_key, "Field that holds the text in JSON Lines")
      ->capture_default_str()
      ->type_name("NAME");
  add_count(app, "--num-samples", written.samples,
            "Texts for each prompt; without prompts, texts that begin with nothing; 0: prompts from stdin",
            0);
}

void add_sampling_options(CLI::App& app, Written& written) {
  app.add_flag("--greedy", written.sampling.greedy, "Always the likeliest token");
  app.add_option("--temperature", written.sampling.temperature, "Divide logits by it; 0 is greedy")
      ->check(cli::number_range(0, 1e9))
      ->capture_default_str()
      ->type_name("T");
  app.add_option("--top-k", written.sampling.top_k, "Only the K likeliest tokens; 0: all")
      ->check(CLI::Range(std::int64_t{0}, std::int64_t{1} << 31).description(""))
      ->capture_default_str()
      ->type_name("K");
  app.add_option("--top-p", written.sampling.top_p,
                 "Only the likeliest tokens that reach probability P; 0: all")
      ->check(cli::number_range(0, 1))
      ->capture_default_str()
      ->type_name("P");
  add_count(app, "--max-new-tokens", written.new_tokens,
            "Tokens to add at most (default " + std::to_string(kDefaultNewTokens) + ")");
  add_count(app, "--out-seq-length", written.total_tokens, "Tokens of prompt and text together at most");
  app.add_flag_callback(
      "--recompute", [] {}, "Accepted for Megatron's sake; without effect, since keys and values are kept");
  add_count(app, "--batch-size", written.batch_size,
            "Texts generated at a time (default " + std::to_string(kDefaultBatch) + ", for stdin 1)");
}

void add_output_options(CLI::App& app, Options& options, Written& written) {
  app.add_option("-o,--output,--sample-output-file,--genfile", options.output,
                 "Where texts go; '-' is stdout")
      ->capture_default_str()
      ->type_name("FILE");
  app.add_option("--output-format", written.format,
                 "text, or jsonl with one object a text; by default as the output's name says, else text")
      ->check(CLI::IsMember({"text", "jsonl"}).description(""))
      ->type_name("text|jsonl");
  add_count(app, "--stride", written.stride,
            "Tokens between windows of --score; default: half the positions");
  app.add_option("--score", written.score,
                 "Print mean loss and perplexity of a text file (or JSON Lines) instead")
      ->type_name("FILE");
}

void add_layout_options(CLI::App& app, Options& options) {
  const auto add_ranks = [&](const std::string& name, std::int64_t& value, const std::string& help) {
    app.add_option(name, value, help)
        ->check(CLI::Range(std::int64_t{1}, kMostRanks).description(""))
        ->capture_default_str()
        ->type_name("N");
  };
  add_ranks("--tensor-model-parallel-size,--tensor-parallel-size", options.layout.tensor,
            "Ranks that share each layer");
  add_ranks("--pipeline-model-parallel-size,--pipeline-parallel-size", options.layout.pipeline,
            "Ranks, or groups of them, that hold the layers one after the other");
}

void add_device_options(CLI::App& app, Written& written) {
  app.add_option("--device", written.device, "What to compute on; auto: GPUs where there are some")
      ->check(CLI::IsMember({"auto", "cpu", "cuda"}).description(""))
      ->capture_default_str()
      ->type_name("auto|cpu|cuda");
  auto* bf16 = app.add_flag("--bf16", written.bf16, "Compute in bf16 (on a GPU)");
  app.add_flag("--fp16", written.fp16, "Compute in fp16 (on a GPU)")->excludes(bf16);
  app.add_flag("--share-gpus", written.share_gpus,
               "Let several ranks have one GPU, where there are fewer than ranks");
  app.add_flag("--no-cuda-graph", written.no_cuda_graph,
               "Launch every kernel of every token by itself, instead of recorded steps");
}

void settle_device_options_or_throw(const Written& written, Options& options) {
  options.device = written.device == "cpu"    ? comm::DeviceChoice::cpu
                   : written.device == "cuda" ? comm::DeviceChoice::cuda
                                              : comm::DeviceChoice::automatic;
  if (written.bf16) options.precision = cost::Precision::bf16;
  if (written.fp16) options.precision = cost::Precision::fp16;
  if (options.precision != cost::Precision::fp32 && options.device == comm::DeviceChoice::cpu) {
    throw cli::UsageError(std::string(written.bf16 ? "--bf16" : "--fp16") +
                          ": the CPU computes in fp32; leave it out, or pass --device cuda");
  }
  if (written.share_gpus) options.gpu_sharing = tensor::GpuSharing::allowed;
  if (written.no_cuda_graph) options.repeated_steps = model::RepeatedSteps::launched;
}

OutputFormat format_of(const Written& written, const std::string& output) {
  if (written.format) return *written.format == "jsonl" ? OutputFormat::jsonl : OutputFormat::text;
  return names_json_lines(output) ? OutputFormat::jsonl : OutputFormat::text;
}

ScoreTask score_task(const Written& written) {
  if (!written.prompts.empty() || written.input || written.samples) {
    throw cli::UsageError(
        "--score reads a text and generates none: leave --prompt, --input and --num-samples out");
  }
  return {*written.score, written.stride};
}

Prompts prompts_of(const Written& written) {
  for (const auto& prompt : written.prompts) {
    if (!text::is_valid_utf8(prompt)) throw cli::UsageError("--prompt is not valid UTF-8");
  }
  if (!written.prompts.empty()) return GivenPrompts{written.prompts};
  if (written.input) return PromptFile{*written.input};
  if (written.samples.value_or(0) > 0) return NoPrompt{};
  return PromptFile{"-"};
}

GenerateTask generate_task(const Written& written, std::uint64_t seed) {
  if (written.stride) throw cli::UsageError("--stride is for --score");
  GenerateTask task;
  task.prompts = prompts_of(written);
  task.samples = std::max<std::int64_t>(1, written.samples.value_or(1));
  task.sampling = written.sampling;
  task.sampling.seed = seed;
  task.total_tokens = written.total_tokens;
  task.new_tokens = written.new_tokens.value_or(written.total_tokens.value_or(kDefaultNewTokens));
  const auto* file = std::get_if<PromptFile>(&task.prompts);
  const auto* given = std::get_if<GivenPrompts>(&task.prompts);
  // Whoever types prompts wants each answered before the next; one text alone is shown as it grows.
  task.batch_size = file != nullptr && file->path == "-" ? 1 : kDefaultBatch;
  if (written.batch_size) task.batch_size = *written.batch_size;
  if (file == nullptr) {
    const auto prompts = given == nullptr ? 1 : std::ssize(given->texts);
    task.batch_size = std::min<std::int64_t>(task.batch_size, prompts * task.samples);
  }
  return task;
}

constexpr const char* kExamples =
    "  gpt-generate --load model --prompt 'Det var en gång' --max-new-tokens 50 --top-k 40\n"
    "  gpt-generate --load checkpoints --input prompts.txt -o texts.jsonl --num-samples 3\n"
    "  gpt-generate --load model --num-samples 10 --top-p 0.9\n"
    "  gpt-generate --load model --score text.txt\n"
    "  mpirun -n 4 gpt-generate --load model --tensor-model-parallel-size 2 "
    "--pipeline-model-parallel-size 2\n"
    "  gpt-generate --load model --device cuda --bf16 --input prompts.txt --batch-size 64 -o texts.jsonl\n";

}  // namespace

bool names_json_lines(std::string_view path) {
  path = io::without_compression(path);
  return io::name_ends_with(path, ".jsonl") || io::name_ends_with(path, ".json");
}

Options parse_options(int argc, const char* const* argv) {
  cli::Command command("gpt-generate", "Texts from a GPT: continues prompts, writes freely, or scores a text",
                       kExamples);
  CLI::App& app = command.app();
  Options options;
  Written written;
  add_model_options(app, options);
  add_prompt_options(app, options, written);
  add_sampling_options(app, written);
  add_output_options(app, options, written);
  add_layout_options(app, options);
  add_device_options(app, written);

  options.common = command.parse(argc, argv);
  options.threads_given = app.get_option("--threads")->count() > 0;
  if (options.merge_file && !options.vocab_file) {
    throw cli::UsageError("--merge-file needs --vocab-file: vocab.json and merges.txt belong together");
  }
  settle_device_options_or_throw(written, options);
  options.format = format_of(written, options.output);
  if (written.score) {
    options.task = score_task(written);
  } else {
    options.task = generate_task(written, options.common.seed);
  }
  return options;
}

}  // namespace gpt::generate_tool
