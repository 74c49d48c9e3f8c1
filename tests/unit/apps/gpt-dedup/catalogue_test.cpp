#include "apps/gpt-dedup/catalogue.hpp"

#include <doctest/doctest.h>

using namespace gpt::dedup;

TEST_CASE("documents are found by file and line, over empty files and gaps") {
  Catalogue catalogue;
  CHECK(catalogue.add({0, 1}) == 0);
  CHECK(catalogue.add({0, 4}) == 1);
  CHECK(catalogue.add({3, 2}) == 2);
  CHECK(catalogue.place(1) == Place{0, 4});
  CHECK(catalogue.place(2) == Place{3, 2});
  CHECK(catalogue.within(0, 1, 3) == std::pair<DocumentId, DocumentId>{0, 1});
  CHECK(catalogue.within(0, 4, 10) == std::pair<DocumentId, DocumentId>{1, 2});
  CHECK(catalogue.within(1, 1, 10) == std::pair<DocumentId, DocumentId>{2, 2});
  CHECK(catalogue.within(3, 1, 10) == std::pair<DocumentId, DocumentId>{2, 3});
  CHECK(catalogue.within(9, 1, 10) == std::pair<DocumentId, DocumentId>{3, 3});
}
