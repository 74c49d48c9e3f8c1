#include "apps/gpt-dedup/rewrite/decontaminator.hpp"

#include <string>

#include <doctest/doctest.h>

using namespace gpt::dedup;

namespace {

// "w1 w2 ... wn", from a number on.
std::string numbered_words(int count, int first = 1) {
  std::string text;
  for (int i = first; i < first + count; ++i) text += (i > first ? " w" : "w") + std::to_string(i);
  return text;
}

// `count` sentences of ten characters each, no word of them in a task.
std::string sentences(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += "abcd efg. ";
  return text;
}

TaskNgrams tasks_of(const std::vector<std::string>& texts, NgramSizes sizes = {}) {
  TaskNgrams tasks(sizes);
  tasks.begin_task("task");
  for (std::size_t i = 0; i < texts.size(); ++i) tasks.add_text(texts[i], i + 1);
  return tasks;
}

// A CleanedText that outlives its text.
struct Cleaned {
  std::vector<std::string> pieces;
  std::vector<Cut> cuts;
  bool too_many_pieces = false;
};

Cleaned cleaned(const TaskNgrams& tasks, const std::string& text, const CutLimits& limits = {}) {
  const CleanedText out = Decontaminator(tasks, limits).cleaned(text, NgramFrequencies(tasks.size()));
  return {{out.pieces.begin(), out.pieces.end()}, out.cuts, out.too_many_pieces};
}

}  // namespace

TEST_CASE("words are runs of letters, numbers and _, case folded") {
  WordScanner scanner;
  const std::string text = "Än_3 -- Öl²,\tΣΊΣΥΦΟΣ!x\u0301y";
  const auto words = scanner.words(text);
  CHECK(joined_words(text, words) == "än_3 öl² σίσυφοσ x y");
  REQUIRE(words.size() == 5);
  CHECK(text.substr(words[1].begin, words[1].end - words[1].begin) == "Öl²");
  const std::vector<FoldedWord> upper(words.begin(), words.end());
  CHECK(scanner.words("öl²")[0].hash == upper[1].hash);
  CHECK(scanner.words("öl2")[0].hash != upper[1].hash);
  CHECK(scanner.words("").empty());
  CHECK(scanner.words("... \u2014 ...").empty());
}

TEST_CASE("13-grams of long tasks, the whole of short ones, nothing below 8 words") {
  CHECK(tasks_of({numbered_words(7)}).size() == 0);
  CHECK(tasks_of({numbered_words(7)}).texts_too_short() == 1);
  CHECK(tasks_of({numbered_words(8)}).size() == 1);
  CHECK(tasks_of({numbered_words(12)}).lengths() == std::vector{12});
  CHECK(tasks_of({numbered_words(13)}).size() == 1);
  CHECK(tasks_of({numbered_words(20)}).size() == 8);
  const TaskNgrams mixed =
      tasks_of({numbered_words(9), numbered_words(14), numbered_words(8, 50), numbered_words(14)});
  CHECK(mixed.size() == 4);
  CHECK(mixed.lengths() == std::vector{13, 8, 9});
  CHECK(mixed.words(2) == numbered_words(13, 2));
  CHECK(mixed.line(2) == 2);
}

TEST_CASE("many n-grams are found again, with their task and line") {
  TaskNgrams tasks({3, 3});
  for (int task = 0; task < 5; ++task) {
    tasks.begin_task("t" + std::to_string(task));
    for (int line = 1; line <= 1000; ++line)
      tasks.add_text(numbered_words(3, task * 10'000 + 5 * line), static_cast<std::uint64_t>(line));
  }
  REQUIRE(tasks.size() == 5000);
  Decontaminator decontaminator(tasks, {});
  for (NgramId id = 0; id < tasks.size(); id += 7) {
    const std::vector<NgramId> found = decontaminator.ngrams_of(tasks.words(id));
    REQUIRE(found == std::vector{id});
    CHECK(tasks.task(id) == id / 1000);
    CHECK(tasks.line(id) == id % 1000 + 1);
  }
  CHECK(decontaminator.ngrams_of(numbered_words(3, 6)).empty());
}

TEST_CASE("a match takes 200 characters either side, up to the end of a sentence") {
  const std::string question = numbered_words(13);
  const TaskNgrams tasks = tasks_of({question});
  const std::string before = sentences(50);
  const std::string after = sentences(50);
  const Cleaned out = cleaned(tasks, before + question + ". " + after);
  REQUIRE(out.pieces.size() == 2);
  REQUIRE(out.cuts.size() == 1);
  CHECK(out.cuts[0].character == before.size());
  // 200 characters before the match stands the "a" of a sentence: the "." of the one before is the last kept.
  CHECK(out.pieces[0] == before.substr(0, before.size() - 200 - 1));
  // Behind it: ". " and 198 characters lead to a "."; what follows stays.
  CHECK(out.pieces[1] == after.substr(199));
}

TEST_CASE("pieces of 200 characters or fewer go, whatever their bytes") {
  const std::string question = numbered_words(13);
  const TaskNgrams tasks = tasks_of({question});
  // é counts once. 200 characters lie between the full stop and the match.
  const auto front = [](int characters) {
    std::string text;
    for (int i = 0; i + 1 < characters; ++i) text += "é";
    return text + "." + std::string(199, '-') + " ";
  };
  CHECK(cleaned(tasks, front(200) + question).pieces.empty());
  REQUIRE(cleaned(tasks, front(201) + question).pieces.size() == 1);
  CHECK(cleaned(tasks, front(201) + question).pieces[0].size() == 401);
  const std::string back = " " + std::string(199, '-') + ".";
  CHECK(cleaned(tasks, question + back + std::string(200, 'x')).pieces.empty());
  CHECK(cleaned(tasks, question + back + std::string(201, 'x')).pieces.size() == 1);
  // What holds no n-gram stays, however short.
  CHECK(cleaned(tasks, "short").pieces == std::vector<std::string>{"short"});
  CHECK(cleaned(tasks, "").pieces == std::vector<std::string>{""});
}

TEST_CASE("a document left in more than 10 pieces goes") {
  const TaskNgrams tasks = tasks_of({numbered_words(13)});
  const auto document = [](int matches) {
    std::string text = sentences(60);
    for (int i = 0; i < matches; ++i) text += numbered_words(13) + ". " + sentences(80);
    return text;
  };
  CHECK(cleaned(tasks, document(9)).pieces.size() == 10);
  CHECK_FALSE(cleaned(tasks, document(9)).too_many_pieces);
  CHECK(cleaned(tasks, document(10)).pieces.size() == 11);
  CHECK(cleaned(tasks, document(10)).too_many_pieces);
  CHECK(cleaned(tasks, document(10)).cuts.size() == 10);
}

TEST_CASE("an n-gram in 10 documents is left alone, one in 9 is not") {
  const TaskNgrams tasks = tasks_of({numbered_words(13)});
  const std::string text = sentences(60) + numbered_words(13) + ". " + sentences(60);
  Decontaminator decontaminator(tasks, {});
  NgramFrequencies frequencies(tasks.size());
  for (int document = 0; document < 9; ++document) frequencies.add(decontaminator.ngrams_of(text + text));
  CHECK(frequencies.documents(0) == 9);
  CHECK(decontaminator.cleaned(text, frequencies).cuts.size() == 1);
  frequencies.add(decontaminator.ngrams_of(text));
  CHECK(decontaminator.cleaned(text, frequencies).cuts.empty());
  CHECK(decontaminator.cleaned(text, frequencies).pieces.size() == 1);
}

TEST_CASE("short n-grams are found at every place, at the very end and in texts below 13 words too") {
  const TaskNgrams tasks = tasks_of({numbered_words(8), numbered_words(14, 100)});
  CHECK(cleaned(tasks, numbered_words(8)).cuts.size() == 1);
  CHECK(cleaned(tasks, "x " + numbered_words(8)).cuts.size() == 1);
  CHECK(cleaned(tasks, sentences(50) + numbered_words(8)).cuts.size() == 1);
  CHECK(cleaned(tasks, sentences(50) + "W1, w2; (w3) w4\nw5 -- w6 w7... w8").cuts.size() == 1);
  CHECK(cleaned(tasks, sentences(50) + numbered_words(7)).cuts.empty());
}

TEST_CASE("a match goes whole, though punctuation widens it beyond the characters counted") {
  const TaskNgrams tasks = tasks_of({numbered_words(8)});
  std::string wide;
  for (int i = 1; i <= 8; ++i) wide += "w" + std::to_string(i) + std::string(100, '-');
  const Cleaned out = cleaned(tasks, wide + ". " + std::string(300, 'x'));
  REQUIRE(out.pieces.size() == 1);
  CHECK(out.pieces[0].find('w') == std::string::npos);
}

TEST_CASE(
    "of overlapping n-grams the first counts, but at a text's end, where the longest no longer fits, the "
    "shortest") {
  const TaskNgrams tasks = tasks_of({numbered_words(9), numbered_words(8, 2)});
  CHECK(cleaned(tasks, sentences(50) + numbered_words(9) + ". " + sentences(50)).cuts[0].ngram == 0);
  CHECK(cleaned(tasks, sentences(50) + numbered_words(9)).cuts[0].ngram == 1);
  CHECK(cleaned(tasks, sentences(50) + numbered_words(9) + " a b c d").cuts[0].ngram == 0);
}
