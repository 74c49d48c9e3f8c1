#pragma once

#include <optional>
#include <string>
#include <vector>

#include "apps/gpt-dedup/catalogue.hpp"

namespace gpt::dedup {

// Two documents that were compared; first < second.
struct Pair {
  DocumentId first = 0;
  DocumentId second = 0;
  std::optional<double> jaccard;    // of their shingles; empty where it was not computed
  std::optional<double> signature;  // the share of equal numbers in their signatures; empty for equal texts
  std::optional<double> cosine =
      {};  // of their vectors, with Method::embedding; then the two above are empty
};

// JSON Lines, one object a pair, ordered by first and second:
// {"first":{"file":"a.jsonl","line":1},"second":{...},"jaccard":0.91,"signature":0.89}, or "equal":true in
// place of the similarities where the texts are equal but for case and white space.
std::string pair_line(const Pair& pair, const Places& places, const std::vector<std::string>& files);

// Parts of such lines.
void append_place(std::string& out, const Place& place, const std::vector<std::string>& files);
void append_similarities(std::string& out, const Pair& pair);

bool stands_before(const Pair& a, const Pair& b);
void sort_pairs(std::vector<Pair>& pairs);

}  // namespace gpt::dedup
