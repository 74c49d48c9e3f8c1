#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "libcommon/io/byte_source.hpp"
#include "share/language/frequent_words.hpp"
#include "share/language/plain_spelling.hpp"

namespace gpt::language_training {

inline const std::vector<std::string> kClasses = {"sv", "da", "nb", "nn", "fi", "de", "en", "is", "fo",
                                                  "nl", "fr", "es", "it", "pt", "pl", "et", "se", "other"};

// How much it counts in the choice of features that a class is told from the others: its neighbours are hard.
inline double focus_of(const std::string& code) {
  if (code == "other" || code == "en") return 2;
  if (code == "nb" || code == "nn" || code == "da") return 4;
  return code == "sv" || code == "is" || code == "fo" ? 2 : 1;
}

struct Settings {
  std::map<std::string, double> numbers = {
      {"examples", 70000},   // of a class, at most; twice that of one in focus
      {"words", 60000},      // examples of a class made of its word list, at most
      {"mixes", 15000},      // examples of a class made of function words
      {"word-weight", 0.4},  // what such an example weighs beside one of text
      {"often", 0.75},       // share of its words that are drawn by how frequent they are, the rest evenly
      {"evenness", 0.7},     // power of the frequencies by which words are drawn
      {"plain", 0.02},       // of the texts, learnt again as written without å and the like
      {"least-count", 40},   // examples that have a feature, for it to be looked at
      {"features", 60000},   // kept
      {"rate", 0.4},         // AdaGrad's
      {"decay", 1e-6},       // of weights
      {"epochs", 1},         // on all features
      {"last-epochs", 4},    // on those kept
      {"prior-nordic", 1},   // how much likelier a Nordic language is than others, as a logarithm
      {"prior-en", 1.5},     // and English
      {"prior-nb", -0.15},   // and Bokmål than the other Nordic ones
      {"seed", 1},
  };
  double operator[](const std::string& name) const { return numbers.at(name); }
};

struct Example {
  std::string_view text;
  std::uint8_t language;
  bool held_out;
  float weight;
};

inline std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    lines.push_back(text.substr(0, text.find('\n')));
    text.remove_prefix(std::min(text.size(), lines.back().size() + 1));
  }
  return lines;
}

// Bytes of a text below which it is more often a label than a sentence.
constexpr std::size_t kShortText = 20;

// The texts of one class, cut into pieces of 2 to 30 words, short ones being as frequent as long ones.
class Corpus {
 public:
  explicit Corpus(const Settings& settings) : settings_(settings), random_(settings["seed"]) {}

  void read(const std::filesystem::path& folder, const std::filesystem::path& function_words) {
    const std::string_view sections = read_file(function_words);
    for (std::size_t i = 0; i < kClasses.size(); ++i) {
      std::vector<Example> texts = pieces_of(read_file(folder / "texts" / (kClasses[i] + ".txt")), i);
      shorten(texts, static_cast<std::size_t>(settings_["examples"] * std::min(2.0, focus_of(kClasses[i]))));
      const std::vector<Example> plain = plain_texts(texts);
      std::vector<Example> words = words_of(read_file(folder / "words" / (kClasses[i] + ".txt")), i);
      const std::vector<Example> spoken = mixes_of(section_of(sections, kClasses[i]), words, i);
      texts.insert(texts.end(), spoken.begin(), spoken.end());
      texts.insert(texts.end(), plain.begin(), plain.end());
      std::printf("%-6s %7zu texts %7zu of words\n", kClasses[i].c_str(), texts.size(), words.size());
      weigh(texts, words);
      examples_.insert(examples_.end(), texts.begin(), texts.end());
      examples_.insert(examples_.end(), words.begin(), words.end());
    }
    std::shuffle(examples_.begin(), examples_.end(), random_);
  }

  const std::vector<Example>& examples() const { return examples_; }

  // Leaves out the texts that stand in the wrong language's files, as what was left untranslated does. They
  // stay among those held out.
  void leave_out(const std::function<bool(const Example&)>& is_wrong) {
    const std::size_t before = examples_.size();
    std::erase_if(examples_, [&](const Example& example) { return !example.held_out && is_wrong(example); });
    std::printf("%zu texts of the wrong language left out\n", before - examples_.size());
  }

 private:
  std::string_view read_file(const std::filesystem::path& path) {
    if (!std::filesystem::exists(path)) return {};
    files_.push_back(std::make_unique<std::string>(gpt::io::read_file_or_throw(path.string())));
    return *files_.back();
  }

  std::size_t up_to(double most) {
    return static_cast<std::size_t>(std::uniform_real_distribution<double>(0, most)(random_));
  }

  double up_to_one() { return std::uniform_real_distribution<double>(0, 1)(random_); }

  std::vector<Example> pieces_of(std::string_view text, std::size_t language) {
    std::vector<Example> pieces;
    for (std::string_view line : lines_of(text)) {
      const bool held_out = up_to(40) == 0;
      while (!line.empty()) {
        const std::size_t words =
            2 + static_cast<std::size_t>(std::exp2(std::uniform_real_distribution<double>(0, 4.8)(random_)));
        const std::string_view piece = front_words(line, words);
        line.remove_prefix(std::min(line.size(), piece.size() + 1));
        const float weight = piece.size() < kShortText ? 0.4F : 1.0F;
        if (piece.size() >= 8)
          pieces.push_back({piece, static_cast<std::uint8_t>(language), held_out, weight});
      }
    }
    return pieces;
  }

  static std::string_view front_words(std::string_view line, std::size_t words) {
    std::size_t at = 0;
    for (; words > 0 && at != std::string_view::npos; --words) at = line.find(' ', at + 1);
    return line.substr(0, at);
  }

  // Examples of 2 to 6 words of a list with their frequencies, as many as three words each would make.
  std::vector<Example> words_of(std::string_view text, std::size_t language) {
    const FrequentWords list(lines_of(text), settings_["evenness"]);
    const std::size_t most =
        static_cast<std::size_t>(settings_["words"] * std::min(2.0, focus_of(kClasses[language])));
    std::string joined;
    for (std::size_t left = std::min(most, list.size() / 3); left > 0; --left) {
      for (std::size_t words = 2 + up_to(5); words > 0; --words) {
        joined +=
            up_to_one() < settings_["often"] ? list.by_frequency(up_to_one()) : list.evenly(up_to_one());
        joined += words == 1 ? '\n' : ' ';
      }
    }
    files_.push_back(std::make_unique<std::string>(std::move(joined)));
    std::vector<Example> examples;
    for (const std::string_view line : lines_of(*files_.back()))
      examples.push_back({line, static_cast<std::uint8_t>(language), false, 1});
    return examples;
  }

  // Some of the texts once more, written without the letters that English lacks.
  std::vector<Example> plain_texts(const std::vector<Example>& texts) {
    std::string joined;
    for (const Example& example : texts) {
      if (example.held_out || up_to_one() >= settings_["plain"]) continue;
      const std::string plain =
          without_nordic_letters(example.text, up_to_one() < 0.5 ? Spelling::pairs : Spelling::lone_letters);
      if (plain != example.text) joined += plain + '\n';
    }
    files_.push_back(std::make_unique<std::string>(std::move(joined)));
    std::vector<Example> examples;
    for (const std::string_view line : lines_of(*files_.back()))
      examples.push_back({line, texts.front().language, false, 1});
    return examples;
  }

  static std::string_view section_of(std::string_view sections, const std::string& code) {
    const auto at = sections.find("\n[" + code + "]\n");
    if (at == std::string_view::npos) return {};
    const std::string_view section = sections.substr(at + code.size() + 4);
    return section.substr(0, section.find('\n'));
  }

  // Function words with words of the list between them, as in speech.
  std::vector<Example> mixes_of(std::string_view function_words, const std::vector<Example>& words,
                                std::size_t language) {
    std::vector<std::string_view> frequent;
    while (!function_words.empty()) {
      frequent.push_back(front_words(function_words, 1));
      function_words.remove_prefix(std::min(function_words.size(), frequent.back().size() + 1));
    }
    std::string joined;
    for (double i = 0; !frequent.empty() && i < settings_["mixes"]; ++i) {
      for (std::size_t left = 1 + up_to(7); left > 0; --left) {
        joined += frequent[up_to(static_cast<double>(frequent.size()))];
        joined += ' ';
        if (words.empty() || up_to(3) > 0) continue;
        joined += front_words(words[up_to(static_cast<double>(words.size()))].text, 1);
        joined += ' ';
      }
      joined.back() = '\n';
    }
    files_.push_back(std::make_unique<std::string>(std::move(joined)));
    std::vector<Example> examples;
    for (const std::string_view line : lines_of(*files_.back()))
      examples.push_back({line, static_cast<std::uint8_t>(language), false, 1});
    return examples;
  }

  void shorten(std::vector<Example>& examples, std::size_t most) {
    std::shuffle(examples.begin(), examples.end(), random_);
    if (examples.size() > most) examples.resize(most);
  }

  // Every class weighs the same.
  void weigh(std::vector<Example>& texts, std::vector<Example>& words) const {
    const double usual = 2 * settings_["examples"];
    const double of_words = texts.empty() ? 1.0 : settings_["word-weight"];
    const double sum = static_cast<double>(texts.size()) + of_words * static_cast<double>(words.size());
    const double share = std::min(4.0, usual / std::max(1.0, sum));
    for (Example& example : texts) example.weight *= static_cast<float>(share);
    for (Example& example : words) example.weight = static_cast<float>(share * of_words);
  }

  const Settings& settings_;
  std::mt19937_64 random_;
  std::vector<std::unique_ptr<std::string>> files_;
  std::vector<Example> examples_;
};

}  // namespace gpt::language_training
