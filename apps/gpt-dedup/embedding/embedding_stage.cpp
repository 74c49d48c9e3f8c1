#include "apps/gpt-dedup/embedding/embedding_stage.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "apps/gpt-dedup/embedding/embedding_features.hpp"
#include "apps/gpt-dedup/embedding/vector_pairs.hpp"
#include "apps/gpt-dedup/embedding/vectors.hpp"
#include "apps/gpt-dedup/embedding/vectors_field.hpp"
#include "apps/gpt-dedup/embedding/vectors_npy.hpp"
#include "apps/gpt-dedup/rewrite/kept_documents.hpp"
#include "libcommon/io/errors.hpp"

namespace gpt::dedup {
namespace {

// Features of some documents, one document after the other.
struct FeatureLists {
  std::vector<std::uint32_t> features;
  std::uint64_t documents = 0;
};

InverseFrequencies count_features(KeptDocuments& documents, const ShingleOptions& options) {
  InverseFrequencies frequencies;
  const auto make_work = [&] {
    return [counter = FeatureCounter(options)](DocumentStretch&& stretch) mutable {
      FeatureLists lists;
      for (const io::Document& document : stretch.parsed.documents) {
        for (const FeatureCount& count : counter.count(document.text))
          lists.features.push_back(count.feature);
        ++lists.documents;
      }
      return lists;
    };
  };
  documents.read("documents weighed", make_work, [&](FeatureLists&& lists) {
    for (std::uint64_t i = 0; i < lists.documents; ++i) frequencies.add_document();
    for (const std::uint32_t feature : lists.features) frequencies.add_feature(feature);
  });
  frequencies.finish();
  return frequencies;
}

VectorTable vectors_of_texts(KeptDocuments& documents, const Options& options, std::size_t rows) {
  const InverseFrequencies frequencies = count_features(documents, options.minhash.shingles);
  const std::size_t dimensions = options.embedding.dimensions;
  VectorTable table(dimensions, rows);
  const auto make_work = [&] {
    return [&, counter = FeatureCounter(options.minhash.shingles)](DocumentStretch&& stretch) mutable {
      std::vector<float> vectors(stretch.parsed.documents.size() * dimensions);
      for (std::size_t i = 0; i < stretch.parsed.documents.size(); ++i)
        project(counter.count(stretch.parsed.documents[i].text), frequencies,
                std::span(vectors).subspan(i * dimensions, dimensions));
      return vectors;
    };
  };
  documents.read("documents embedded", make_work, [&](std::vector<float>&& vectors) {
    for (std::size_t at = 0; at < vectors.size(); at += dimensions)
      table.add(std::span(vectors).subspan(at, dimensions));
  });
  return table;
}

struct NamedVector {
  std::vector<float> values;
  std::string file;
  std::uint64_t line = 0;
};

VectorTable vectors_of_field(KeptDocuments& documents, const std::string& key, std::size_t rows) {
  std::optional<VectorTable> table;
  const auto make_work = [&] {
    return [field = VectorField(key)](DocumentStretch&& stretch) mutable {
      if (stretch.format == io::DocumentFormat::text)
        throw io::DataError(stretch.file, "is text: its lines have no field with a vector");
      std::vector<NamedVector> vectors;
      for (std::size_t i = 0; i < stretch.parsed.documents.size(); ++i) {
        const std::uint64_t line = stretch.parsed.lines[i];
        vectors.push_back({field.read_or_throw(stretch.line(i), stretch.file, line), stretch.file, line});
      }
      return vectors;
    };
  };
  documents.read("vectors read", make_work, [&](std::vector<NamedVector>&& vectors) {
    for (const NamedVector& vector : vectors) {
      if (!table) table.emplace(vector.values.size(), rows);
      if (vector.values.size() != table->dimensions())
        throw io::DataError(vector.file, vector.line,
                            "a vector of " + std::to_string(vector.values.size()) +
                                " numbers, after those of " + std::to_string(table->dimensions()));
      table->add(vector.values);
    }
  });
  return table ? std::move(*table) : VectorTable(1, 0);
}

VectorTable vectors_of_file(const std::string& file, const std::vector<DocumentId>& documents,
                            std::size_t all_documents) {
  const NpyVectors vectors = NpyVectors::open_or_throw(file);
  if (vectors.rows() != all_documents)
    throw io::DataError(file, "holds " + std::to_string(vectors.rows()) + " vectors, but there are " +
                                  std::to_string(all_documents) +
                                  " documents: one row for each, in their order");
  VectorTable table(vectors.columns(), documents.size());
  std::vector<float> row(vectors.columns());
  for (const DocumentId document : documents) {
    vectors.read_or_throw(document, row);
    table.add(row);
  }
  return table;
}

VectorTable vectors_of(Corpus& corpus, const DigestedCorpus& digested, const std::vector<DocumentId>& firsts,
                       const Options& options) {
  if (options.embedding.vectors)
    return vectors_of_file(*options.embedding.vectors, firsts, digested.catalogue.size());
  std::vector<bool> wanted(digested.catalogue.size());
  for (const DocumentId document : firsts) wanted[document] = true;
  KeptDocuments documents(corpus, options.corpus, options.common);
  documents.keep_only(digested.catalogue, wanted, digested.lines_of_files);
  return options.embedding.vector_key
             ? vectors_of_field(documents, *options.embedding.vector_key, firsts.size())
             : vectors_of_texts(documents, options, firsts.size());
}

// Compares documents by their vectors, which it keeps.
Comparison comparison_of(VectorTable table, std::vector<DocumentId> documents) {
  return [table = std::make_shared<const VectorTable>(std::move(table)), documents = std::move(documents)](
             DocumentId a, DocumentId b) {
    const auto row_of = [&](DocumentId document) {
      const auto at = std::lower_bound(documents.begin(), documents.end(), document);
      return static_cast<std::size_t>(at - documents.begin());
    };
    Pair pair{a, b, {}, {}};
    pair.cosine = cosine_of_rows(*table, row_of(a), row_of(b));
    return pair;
  };
}

}  // namespace

NearResult group_by_embedding(Corpus& corpus, DigestedCorpus& digested, const Options& options) {
  std::vector<DocumentId> firsts;  // by row
  for (DocumentId document = 0; document < digested.catalogue.size(); ++document)
    if (digested.groups.name(document) == document) firsts.push_back(document);
  VectorTable table = vectors_of(corpus, digested, firsts, options);

  NearResult result;
  const auto take = [&](const std::vector<CosinePair>& pairs) {
    for (const CosinePair& pair : pairs) {
      digested.groups.unite(firsts[pair.first], firsts[pair.second]);
      if (!options.pairs) continue;
      Pair listed{firsts[pair.first], firsts[pair.second], {}, {}};
      listed.cosine = pair.cosine;
      result.pairs.push_back(listed);
    }
  };
  const PairsWanted wanted = options.pairs ? PairsWanted::all : PairsWanted::connecting;
  const VectorPairsFound found = find_vector_pairs(table, options.embedding, wanted, options.common, take);
  result.search = found.search;
  result.compared_pairs = found.compared_pairs;
  sort_pairs(result.pairs);
  if (options.groups) result.comparison = comparison_of(std::move(table), std::move(firsts));
  return result;
}

}  // namespace gpt::dedup
