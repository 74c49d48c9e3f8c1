#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace CLI {
class App;
}

namespace gpt::dedup {

// How pairs of like vectors are found.
enum class VectorSearch {
  automatic,  // faiss where the build has it and there are more than kExactVectors, else exact
  exact,      // each compared with each
  faiss,      // those compared that a graph of FAISS leads to: time nearly linear, some pairs missed
};
inline constexpr std::size_t kExactVectors = 50'000;
const char* name_of(VectorSearch search);

// Near duplicates by the angle between documents' vectors.
struct EmbeddingOptions {
  double cosine = 0.9;           // from which two documents are duplicates
  std::size_t dimensions = 512;  // of the vectors made of texts
  VectorSearch search = VectorSearch::automatic;
  std::optional<std::string> vectors;     // a .npy file with a row a document
  std::optional<std::string> vector_key;  // or the field that holds a document's

  bool are_made_of_texts() const { return !vectors && !vector_key; }
};

// The flags of it. Lives until the command line is parsed.
class EmbeddingFlags {
 public:
  EmbeddingFlags(CLI::App& app, EmbeddingOptions& options);
  // Throws cli::UsageError; wanted: whether --method embedding was given.
  void resolve_or_throw(bool wanted);

 private:
  EmbeddingOptions& options_;
  CLI::App& app_;
  std::string search_ = "auto";
};

}  // namespace gpt::dedup
