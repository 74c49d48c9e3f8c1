#include "apps/gpt-dedup/keep_policy.hpp"

#include <doctest/doctest.h>

#include "tests/unit/apps/gpt-dedup/temporary_corpus.hpp"

using namespace gpt::dedup;

namespace {

// Five documents: 0, 1 in file 0; 2, 3 in file 1; 4 in file 2. One group: 0, 2, 3, 4.
struct Corpus5 {
  Catalogue catalogue;
  DisjointSets groups;
  std::vector<Dataset> datasets = {{"a", false}, {"b", false}, {"c", false}};

  Corpus5() {
    for (const Place place : {Place{0, 1}, {0, 2}, {1, 1}, {1, 2}, {2, 1}}) {
      catalogue.add(place);
      groups.add();
    }
    for (const DocumentId member : {2U, 3U, 4U}) groups.unite(0, member);
    groups.flatten();
  }
  std::vector<DocumentId> kept(const KeepOptions& options, const std::vector<double>& scores = {}) {
    const Selection selection = choose(catalogue, groups, scores, datasets, options);
    std::vector<DocumentId> ids;
    for (DocumentId i = 0; i < 5; ++i)
      if (selection.kept[i]) ids.push_back(i);
    CHECK(selection.kept_count == ids.size());
    return ids;
  }
};

using Ids = std::vector<DocumentId>;

KeepOptions keeping(Keep keep, std::vector<std::string> priority = {}) {
  KeepOptions options;
  options.keep = keep;
  options.priority = std::move(priority);
  return options;
}
KeepOptions across(std::vector<std::string> priority = {}) {
  KeepOptions options = keeping(Keep::first, std::move(priority));
  options.across_only = true;
  return options;
}

}  // namespace

TEST_CASE("the first of a group stays, or the one with the highest score, among equals the first") {
  Corpus5 corpus;
  CHECK(corpus.kept({}) == Ids{0, 1});
  CHECK(corpus.kept(keeping(Keep::longest), {1, 9, 3, 2, 3}) == Ids{1, 2});
}

TEST_CASE("priority goes before scores") {
  Corpus5 corpus;
  CHECK(corpus.kept(keeping(Keep::longest, {"c", "b"}), {9, 0, 8, 7, 1}) == Ids{1, 4});
  CHECK(corpus.kept(keeping(Keep::longest, {"b"}), {9, 0, 7, 8, 1}) == Ids{1, 3});
}

TEST_CASE("a document of a reference takes its whole group away and is not written") {
  Corpus5 corpus;
  corpus.datasets[1].reference = true;
  CHECK(corpus.kept({}) == Ids{1});
  CHECK(corpus.kept(keeping(Keep::longest, {"c"}), {9, 0, 7, 8, 10}) == Ids{1});
  const Selection selection = choose(corpus.catalogue, corpus.groups, {}, corpus.datasets, {});
  CHECK(selection.references == 2);
}

TEST_CASE("with across_only all of the chosen document's input stays; parts of one file are one input") {
  Corpus5 corpus;
  CHECK(corpus.kept(across({"b"})) == Ids{1, 2, 3});
  corpus.datasets[2].name = "a";
  CHECK(corpus.kept(across()) == Ids{0, 1, 4});
}

TEST_CASE("the longest and the best document stay, through the whole tool") {
  const TemporaryCorpus folder;
  folder.write("a.jsonl",
               "{\"text\":\"Ett  ord\",\"q\":1}\n{\"text\":\"ett ord\",\"q\":\"none\"}\n"
               "{\"text\":\"ETT   ord\",\"q\":0.5}\n{\"text\":\"annat\"}\n{\"text\":\"ett ord \",\"q\":3}\n");
  for (const Method method : {Method::exact, Method::minhash}) {
    Options options;
    options.method = method;
    options.keep.keep = Keep::longest;
    CHECK(folder.deduplicate({"a.jsonl"}, options)[0] == "{\"text\":\"ETT   ord\",\"q\":0.5}");
    options.keep.keep = Keep::best;
    options.keep.field = "q";
    CHECK(folder.deduplicate({"a.jsonl"}, options) ==
          std::vector<std::string>{"{\"text\":\"annat\"}", "{\"text\":\"ett ord \",\"q\":3}"});
  }
}
