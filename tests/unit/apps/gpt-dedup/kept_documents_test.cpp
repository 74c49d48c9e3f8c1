#include "apps/gpt-dedup/rewrite/kept_documents.hpp"

#include <stdexcept>

#include <doctest/doctest.h>

#include "tests/unit/apps/gpt-dedup/temporary_corpus.hpp"

using namespace gpt::dedup;

namespace {

std::vector<std::string> texts_of(KeptDocuments& documents) {
  std::vector<std::string> texts;
  const auto make_work = [] { return [](DocumentStretch&& stretch) { return std::move(stretch); }; };
  documents.read("documents", make_work, [&](DocumentStretch&& stretch) {
    for (const gpt::io::Document& document : stretch.parsed.documents) texts.push_back(document.text);
  });
  return texts;
}

struct Setting {
  TemporaryCorpus folder;
  CorpusOptions options;
  gpt::cli::CommonOptions common;

  Setting() {
    common.threads = 2;
    common.progress = gpt::log::ProgressMode::off;
  }
};

}  // namespace

TEST_CASE("documents are read several times, and said to have changed when they have") {
  using Texts = std::vector<std::string>;
  Setting setting;
  setting.folder.write_documents("a.jsonl", {"one", "two", "three"});
  Corpus corpus({setting.folder.path("a.jsonl")}, {}, setting.folder.path("."));
  KeptDocuments documents(corpus, setting.options, setting.common);
  CHECK(texts_of(documents) == Texts{"one", "two", "three"});
  CHECK(texts_of(documents) == Texts{"one", "two", "three"});
  CHECK(documents.documents() == 3);
  CHECK(documents.handed_on() == 3);
  setting.folder.write_documents("a.jsonl", {"one", "owt", "three"});  // of the same length
  CHECK_THROWS_WITH_AS(texts_of(documents), doctest::Contains("a.jsonl: changed after it was first read"),
                       std::runtime_error);
}

TEST_CASE("what was catalogued before is held against the first reading as well") {
  Setting setting;
  setting.folder.write_documents("a.jsonl", {"one", "two"});
  Corpus corpus({setting.folder.path("a.jsonl")}, {}, setting.folder.path("."));
  Catalogue catalogue;
  catalogue.add({0, 1, 0});
  catalogue.add({0, 2, 15});
  KeptDocuments first(corpus, setting.options, setting.common);
  CHECK(texts_of(first).size() == 2);
  const std::vector<bool> kept = {false, true};
  gpt::io::LineBatchReader reader({setting.folder.path("a.jsonl")});
  KeptDocuments documents(corpus, setting.options, setting.common);
  documents.keep_only(catalogue, kept, {lines_read(*reader.next_or_throw())});
  CHECK(texts_of(documents) == std::vector<std::string>{"two"});
  CHECK(documents.documents() == 2);
  CHECK(documents.handed_on() == 1);
  setting.folder.write_documents("a.jsonl", {"one", "two", "more"});  // a document that is not catalogued
  CHECK_THROWS_AS(texts_of(documents), std::runtime_error);
}
