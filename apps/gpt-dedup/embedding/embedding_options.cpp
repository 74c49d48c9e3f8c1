#include "apps/gpt-dedup/embedding/embedding_options.hpp"

#include <CLI/CLI.hpp>

#include "apps/gpt-dedup/embedding/nearest_cells.hpp"
#include "apps/gpt-dedup/idle_options.hpp"
#include "libcommon/cli/errors.hpp"
#include "libcommon/cli/number_range.hpp"

namespace gpt::dedup {

EmbeddingFlags::EmbeddingFlags(CLI::App& app, EmbeddingOptions& options) : options_(options), app_(app) {
  constexpr const char* kGroup = "Embedding";
  app.add_option("--cosine", options.cosine,
                 "Cosine of two vectors from which their documents are duplicates")
      ->check(cli::number_range(0, 1))
      ->capture_default_str()
      ->type_name("C")
      ->group(kGroup);
  app.add_option("--dimensions", options.dimensions, "Numbers of a vector made of a text's shingles")
      ->check(CLI::Range(8, 65536))
      ->capture_default_str()
      ->type_name("N")
      ->group(kGroup);
  app.add_option("--search", search_,
                 "exact: each vector with each; faiss: by a graph, in a build with FAISS; auto: that from " +
                     std::to_string(kExactVectors + 1) + " vectors")
      ->check(CLI::IsMember({"auto", "exact", "faiss"}))
      ->capture_default_str()
      ->group(kGroup);
  auto* const vectors = app.add_option("--vectors", options.vectors,
                                       "Take the vectors from a .npy file, a row a document, instead")
                            ->type_name("FILE")
                            ->group(kGroup);
  app.add_option("--vector-key", options.vector_key, "Take them from this field, a list of numbers, instead")
      ->excludes(vectors)
      ->type_name("KEY")
      ->group(kGroup);
}

const char* name_of(VectorSearch search) {
  if (search == VectorSearch::automatic) return "auto";
  return search == VectorSearch::exact ? "exact" : "faiss";
}

void EmbeddingFlags::resolve_or_throw(bool wanted) {
  if (search_ == "exact") options_.search = VectorSearch::exact;
  if (search_ == "faiss") options_.search = VectorSearch::faiss;
  if (options_.search == VectorSearch::faiss && !nearest_cells_available())
    throw cli::UsageError(
        "--search faiss needs FAISS, which this build is without: give --search exact, or build with "
        "-DGPT_WITH_FAISS=ON");
  if (!wanted)
    refuse_idle_or_throw(app_, {"--cosine", "--dimensions", "--search", "--vectors", "--vector-key"},
                         "is about --method embedding");
  if (!options_.are_made_of_texts())
    refuse_idle_or_throw(app_, {"--dimensions"}, "is about vectors made of texts: these are given");
}

}  // namespace gpt::dedup
