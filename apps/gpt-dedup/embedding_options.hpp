#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace CLI {
class App;
}

namespace gpt::dedup {

// Near duplicates by the angle between documents' vectors.
struct EmbeddingOptions {
  double cosine = 0.9;                    // from which two documents are duplicates
  std::size_t dimensions = 512;           // of the vectors made of texts
  std::optional<std::string> vectors;     // a .npy file with a row a document
  std::optional<std::string> vector_key;  // or the field that holds a document's
};

// The flags of it. Lives until the command line is parsed.
class EmbeddingFlags {
 public:
  EmbeddingFlags(CLI::App& app, EmbeddingOptions& options);
  // Throws cli::UsageError; wanted: whether --method embedding was given.
  void check_or_throw(bool wanted) const;

 private:
  EmbeddingOptions& options_;
  CLI::App& app_;
};

}  // namespace gpt::dedup
