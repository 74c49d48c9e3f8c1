#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "apps/gpt-clean/rules/citations.hpp"
#include "apps/gpt-clean/rules/openwebtext.hpp"
#include "libcommon/cli/errors.hpp"
#include "libcommon/tokenizer/tokenizer.hpp"
#include "tests/unit/apps/gpt-clean/one_rule.hpp"

using namespace gpt::clean;
using namespace gpt::clean::testing;

TEST_CASE("lines without terminal punctuation go, and what stood around them keeps its order") {
  const auto verdict =
      judge("terminal-punctuation", "Rubrik\n\nEn mening.\nMeny\nEn till!\n\nLäs mer...\n\n”Sist”");
  CHECK(verdict.text == "En mening.\nEn till!\n\n”Sist”");
  CHECK(verdict.outcome.count == 3);
  CHECK(verdict.outcome.detail == "Rubrik");
  CHECK(verdict.is_kept);
  CHECK(judge("terminal-punctuation marks=;", "a;\nb.").text == "a;");
}

TEST_CASE("lines that all stay leave the text byte for byte") {
  const std::string text = "  En mening. \n\n\nEn till.";
  CHECK(judge("terminal-punctuation", text).text == text);
  CHECK(judge("terminal-punctuation", text).outcome.count == 0);
}

TEST_CASE("lines of few words and with long words go, the limits stay") {
  CHECK(judge("words-per-line min=3", "ett två tre\nett två").text == "ett två tre");
  CHECK(judge("long-words max=4", "åäöå kort\nfemåå").text == "åäöå kort");
  CHECK(judge("words-per-line min=9", "ett").text.empty());
}

TEST_CASE("lines that speak of JavaScript or of policies go, in whatever case") {
  CHECK(judge("javascript-lines", "Slå på JavaScript!\nText").text == "Text");
  CHECK(judge("policy-lines", "Read our Privacy Policy.\nWe discuss policy.").text == "We discuss policy.");
}

TEST_CASE("short lines of boilerplate go in every Nordic language, long ones stay") {
  CHECK(judge("boilerplate-lines", "Dela på Facebook\nLÄS ÄVEN: annat\nVanlig text").text == "Vanlig text");
  CHECK(judge("boilerplate-lines",
              "Følg oss på Twitter\nLes meir her\nKäytämme evästeitä.\nVið notum vafrakökur\nx")
            .text == "x");
  CHECK(judge("boilerplate-lines languages=fi", "Dela på Facebook").outcome.count == 0);
  CHECK(judge("boilerplate-lines languages=fi phrases=dela", "Dela på Facebook").outcome.count == 1);
  CHECK(
      judge("boilerplate-lines max-characters=20", "Här går det att logga in när som helst.").outcome.count ==
      0);
  CHECK_THROWS_WITH(rule_of("boilerplate-lines languages=xx"), doctest::Contains("no list for xx"));
}

TEST_CASE("citations go, other brackets stay") {
  CHECK(remove_citations("Ett[1] två[23][] tre [edit] fyra[citation needed].") == "Ett två tre  fyra.");
  CHECK(remove_citations("[a] [1 [12") == "[a] [1 [12");
  CHECK(judge("citations", "Ett[1]").outcome.count == 1);
  CHECK(judge("citations", "Ett[x]").outcome.count == 0);
}

TEST_CASE("phrases drop documents, in whatever case") {
  CHECK_FALSE(keeps("lorem-ipsum", "Text. Lorem IPSUM dolor"));
  CHECK(keeps("lorem-ipsum", "Lorem, ipsum"));
  CHECK_FALSE(keeps("curly-brackets", "if (x) { y }"));
  CHECK(keeps("curly-brackets max=1", "if (x) { y }"));
  CHECK(judge("curly-brackets max=1", "{{").outcome.measure == 2);
}

TEST_CASE("bad words count where they stand alone") {
  CHECK_FALSE(keeps("bad-words words=fan", "Åh, FAN!"));
  CHECK_FALSE(keeps("bad-words words=åsna", "din ”Åsna”."));
  CHECK(keeps("bad-words words=fan", "elefanten, fanår, öfan"));
  CHECK(keeps("bad-words words=fan max=1", "fan"));
  CHECK_FALSE(keeps("bad-words words=fan max=1", "fan fan"));
  CHECK_FALSE(keeps("bad-words words=\"dra åt\"", "dra åt"));
  CHECK(keeps("bad-words", "allt"));
}

TEST_CASE("short documents go for JavaScript or for their language") {
  CHECK_FALSE(keeps("short-javascript below=20", "enable JavaScript"));
  CHECK(keeps("short-javascript below=20", "enable JavaScript now"));
  CHECK(keeps("short-javascript below=20", "enable cookies"));
  CHECK_FALSE(keeps("short-foreign below=5 keep=en,nn", "kort", "sv"));
  CHECK(keeps("short-foreign below=4 keep=en", "kort", "sv"));
  CHECK(keeps("short-foreign below=5 keep=en,nn", "kort", "nn"));
}

TEST_CASE("general cleaning makes one space of runs") {
  CHECK(general_cleaning("a  b   c d") == "a b c d");
  CHECK(general_cleaning("ord\n\nnästa\n rad") == "ord nästa rad");
  CHECK(general_cleaning("slut.\nNästa.\n\n  in") == "slut.\nNästa.\n\n in");
  CHECK(general_cleaning("å\n") == "å ");
  CHECK(general_cleaning("") == "");
}

TEST_CASE("tokens are counted by a vocabulary where one is given, as far as is needed") {
  const std::string folder = GPT_SOURCE_DIR "/tests/data/golden/bpe_gpt2_1200/";
  gpt::tokenizer::TokenizerFiles files;
  files.vocabulary = folder + "vocab.json";
  files.merges = folder + "merges.txt";
  std::vector<gpt::tokenizer::TokenId> ids;
  const std::string text =
      repeated("Varje söndag morgon bakar min granne bröd,\nstår det i 3 böcker. ", 20) + "Slut";
  gpt::tokenizer::Tokenizer::load_or_throw(files).make_encoder().append_or_throw(text, ids);
  REQUIRE(ids.size() > 200);
  const std::string with_files =
      " vocab-file=" + quoted(files.vocabulary) + " merge-file=" + quoted(files.merges);
  const auto at_least = [&](std::size_t least) {
    return "min-tokens min=" + std::to_string(least) + with_files;
  };
  CHECK(keeps(at_least(ids.size()), text));
  CHECK_FALSE(keeps(at_least(ids.size() + 1), text));
  CHECK(keeps(at_least(5), text));
  CHECK_THROWS_AS(rule_of("min-tokens merge-file=merges.txt"), gpt::cli::UsageError);
}

TEST_CASE("tokens are estimated by bytes without a vocabulary") {
  CHECK(keeps("min-tokens min=2", "12345"));
  CHECK_FALSE(keeps("min-tokens min=3", "12345678"));
  CHECK(keeps("min-tokens min=3", "123456789"));
  CHECK(judge("min-tokens min=3", "1234").outcome.detail == "1 tokens");
}
