#include "apps/gpt-train/options.hpp"

#include <sstream>

#include <CLI/CLI.hpp>

#include "apps/gpt-train/settle.hpp"
#include "apps/gpt-train/written_options.hpp"
#include "libcommon/cli/number_range.hpp"

namespace gpt::train_tool {
namespace {

constexpr const char* kExamples =
    "  gpt-train --data-path data_text_document --vocab-file vocab/vocab.json --merge-file vocab/merges.txt "
    "\\\n"
    "    --num-layers 6 --hidden-size 256 --num-attention-heads 4 --seq-length 128 \\\n"
    "    --max-position-embeddings 128 --micro-batch-size 8 --train-iters 1000 --lr 1e-3 --save model\n"
    "  gpt-train ... --load gpt2 --finetune --save tuned   (start from a Hugging Face GPT-2)\n"
    "  mpirun -n 8 gpt-train ... --tensor-model-parallel-size 2 --pipeline-model-parallel-size 2\n"
    "  gpt-train ... --print-layout --world-size 16        (who would hold what)\n";

// A line an option that was set, wherever: "--seed 5". Threads may differ from rank to rank.
std::string given_options(const CLI::App& app) {
  std::istringstream set(app.config_to_str());
  std::string text;
  for (std::string line; std::getline(set, line);) {
    const auto equals = line.find('=');
    if (equals == std::string::npos || line.starts_with("threads=")) continue;
    text += "--" + line.substr(0, equals) + " " + line.substr(equals + 1) + "\n";
  }
  return text;
}

}  // namespace

CLI::Option* add_size(CLI::App& app, const std::string& name, std::int64_t& value, const std::string& help,
                      std::int64_t least) {
  return app.add_option(name, value, help)->check(CLI::Range(least, kLargest))->type_name("N");
}

CLI::Option* add_number(CLI::App& app, const std::string& name, double& value, const std::string& help,
                        double least, double most) {
  return app.add_option(name, value, help)->check(cli::number_range(least, most))->type_name("X");
}

Options parse_options(int argc, const char* const* argv) {
  cli::Command command("gpt-train", "Train a GPT-2 on token ids, with Megatron's arguments", kExamples);
  Written written;
  CLI::App& app = command.app();
  add_data_options(app, written);
  add_model_options(app, written);
  add_layout_options(app, written);
  add_batch_options(app, written);
  add_optimizer_options(app, written);
  add_checkpoint_options(app, written);
  add_log_options(app, written);
  add_device_options(app, written);
  add_script_options(app, written);
  written.options.common = command.parse(argc, argv);
  written.options.given = given_options(app);
  written.options.threads_given = app.get_option("--threads")->count() > 0;
  settle_script_options(written);
  settle_device_options_or_throw(written);
  check_data_or_throw(written.options);
  check_shape_or_throw(written.options);
  settle_layout_options_or_throw(written);
  settle_batch_options_or_throw(written);
  settle_optimizer_options_or_throw(written);
  settle_checkpoint_options_or_throw(written);
  settle_log_options(written);
  check_for_any_world_or_throw(written.options);
  return written.options;
}

}  // namespace gpt::train_tool
