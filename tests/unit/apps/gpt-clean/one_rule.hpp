#pragma once

#include <memory>
#include <string>
#include <utility>

#include "apps/gpt-clean/recipe.hpp"

namespace gpt::clean::testing {

// A rule as a line of a recipe makes it.
inline std::unique_ptr<Rule> rule_of(const std::string& line) {
  Recipe recipe;
  recipe.append_or_throw(line, "test");
  return std::move(make_rules_or_throw(recipe).front());
}

// What one rule does to one text.
struct Verdict {
  bool is_kept = false;
  Outcome outcome;
  std::string text;
};

inline Verdict judge(const std::string& line, const std::string& text, const std::string& language = "") {
  WorkingDocument document(text, language);
  document.wanted = WorkingDocument::Wanted::measures;
  Verdict verdict;
  verdict.outcome = rule_of(line)->apply(document);
  verdict.is_kept = verdict.outcome.fate == Outcome::Fate::kept;
  verdict.text = document.text;
  return verdict;
}

inline bool keeps(const std::string& line, const std::string& text, const std::string& language = "") {
  return judge(line, text, language).is_kept;
}

// What a rule that judges by a number sees; −1 where it has nothing to judge.
inline double measure(const std::string& line, const std::string& text, const std::string& language = "") {
  return judge(line, text, language).outcome.measure.value_or(-1);
}

// text, times times.
inline std::string repeated(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

// Words w1 w2 ..., no two of which are the same.
inline std::string words(int from, int to) {
  std::string all;
  for (int i = from; i <= to; ++i) all += (all.empty() ? "w" : " w") + std::to_string(i);
  return all;
}

}  // namespace gpt::clean::testing
