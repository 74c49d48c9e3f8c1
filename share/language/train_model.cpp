// Trains the language model on the texts that gather_texts.py has gathered.
//   usage: train_language_model FOLDER FUNCTION_WORDS MODEL [name=number...]
// One text in 40 is kept aside for the closing table.
#include <algorithm>
#include <cstdio>
#include <numeric>
#include <string>
#include <vector>

#include "libcommon/text/language_model.hpp"
#include "share/language/model_trainer.hpp"
#include "share/language/training_corpus.hpp"

namespace {

using namespace gpt::language_training;

void print_table(const gpt::text::LanguageModel& model, const std::vector<Example>& examples) {
  std::vector<std::vector<int>> table(kClasses.size(), std::vector<int>(kClasses.size()));
  for (const Example& example : examples)
    if (example.held_out) ++table[example.language][model.judge(example.text).best];
  std::printf("held out, by class (rows) and judgement:\n      ");
  for (const auto& code : kClasses) std::printf(" %5s", code.c_str());
  std::printf("  right\n");
  for (std::size_t i = 0; i < kClasses.size(); ++i) {
    std::printf("%-6s", kClasses[i].c_str());
    for (const int count : table[i]) std::printf(" %5d", count);
    std::printf("  %.3f\n",
                table[i][i] / std::max(1.0, std::accumulate(table[i].begin(), table[i].end(), 0.0)));
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr, "usage: train_language_model FOLDER FUNCTION_WORDS MODEL [name=number...]\n");
    return 2;
  }
  Settings settings;
  for (int i = 4; i < argc; ++i) {
    const std::string setting = argv[i];
    settings.numbers.at(setting.substr(0, setting.find('='))) =
        std::stod(setting.substr(setting.find('=') + 1));
  }
  Corpus corpus(settings);
  corpus.read(argv[1], argv[2]);
  const auto weights = weights_learnt_from(corpus, settings);
  print_table(gpt::text::LanguageModel(weights), corpus.examples());
  std::FILE* file = std::fopen(argv[3], "wb");
  const std::string bytes = gpt::text::language_model_bytes(weights);
  if (file == nullptr || std::fwrite(bytes.data(), 1, bytes.size(), file) != bytes.size() ||
      std::fclose(file) != 0) {
    std::perror(argv[3]);
    return 1;
  }
  return 0;
}
