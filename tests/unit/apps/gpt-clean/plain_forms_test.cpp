#include "apps/gpt-clean/rules/plain_forms.hpp"

#include <doctest/doctest.h>

using namespace gpt::clean;

TEST_CASE("quotation marks are made straight, guillemets stay") {
  CHECK(replace_characters("“ja” ‘nej’ „Ö“ l’âme «x»", straight_quotes()) == "\"ja\" 'nej' \"Ö\" l'âme «x»");
}

TEST_CASE("ligatures become letters, letters such as æ stay") {
  CHECK(replace_characters("ﬂuﬃeﬆ ﬁn ĳs æ œ ß", ligature_letters()) == "fluffiest fin ijs æ œ ß");
}

TEST_CASE("widths become normal") {
  CHECK(replace_characters("ＬＯＵＤ　ＮＯＩＳＥＳ！ Ｕﾀｰﾝ", normal_widths()) == "LOUD NOISES! Uターン");
}

TEST_CASE("the rules change nothing where there is nothing to change") {
  WorkingDocument document("rak \"text\" på åäö");
  CHECK(PlainFormsRule("straight-quotes", straight_quotes()).apply(document).count == 0);
  document.text = "”x”";
  CHECK(PlainFormsRule("straight-quotes", straight_quotes()).apply(document).count == 1);
  CHECK(document.text == "\"x\"");
}
