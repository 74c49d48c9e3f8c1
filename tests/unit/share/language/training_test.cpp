#include <filesystem>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "share/language/model_trainer.hpp"
#include "tests/support/scratch_folder.hpp"

using namespace gpt::language_training;

namespace {

// A folder such as gather_texts.py makes, of a few hundred lines in three languages.
class GatheredFolder {
 public:
  GatheredFolder() {
    write("sv", {"jag vet inte", "vad heter du", "båten är här nu", "vi går hem"});
    write("da", {"jeg ved ikke", "hvad hedder du", "båden er her nu", "vi går hjem nu"});
    write("nn", {"eg veit ikkje", "kva heiter du", "båten er her no", "vi går heim no"});
    folder_.with("function_words.txt", "\n[sv]\noch inte\n\n[da]\nog ikke\n\n[nn]\nog ikkje\n");
  }

  std::string model_bytes(double seed) const {
    Settings settings;
    settings.numbers["seed"] = seed;
    settings.numbers["features"] = 400;
    settings.numbers["mixes"] = 50;
    Corpus corpus(settings);
    corpus.read(folder_.path(), folder_ / "function_words.txt");
    return gpt::text::language_model_bytes(weights_learnt_from(corpus, settings));
  }

 private:
  void write(const std::string& language, const std::vector<std::string>& phrases) const {
    std::filesystem::create_directories(folder_ / "texts");
    std::filesystem::create_directories(folder_ / "words");
    std::string texts, words;
    for (int i = 0; i < 200; ++i)
      for (const std::string& phrase : phrases)
        texts += phrase + ' ' + phrases[static_cast<std::size_t>(i) % phrases.size()] + '\n';
    for (const std::string& phrase : phrases) words += phrase.substr(0, phrase.find(' ')) + "\t10.0\n";
    folder_.with("texts/" + language + ".txt", texts);
    folder_.with("words/" + language + ".txt", words);
  }

  gpt::test::ScratchFolder folder_;
};

}  // namespace

TEST_CASE("the same texts and seed train a model of the same bytes, and one that tells them apart") {
  const GatheredFolder folder;
  const std::string bytes = folder.model_bytes(1);
  CHECK(folder.model_bytes(1) == bytes);
  CHECK(folder.model_bytes(2) != bytes);
  const auto model = gpt::text::LanguageModel::parse_or_throw(bytes, "trained");
  const auto language_of = [&](std::string_view text) { return model.codes()[model.judge(text).best]; };
  CHECK(language_of("jag vet inte vad du heter") == "sv");
  CHECK(language_of("jeg ved ikke hvad du hedder") == "da");
  CHECK(language_of("eg veit ikkje kva du heiter") == "nn");
}
