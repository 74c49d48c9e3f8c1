#include "tests/fuzz/sentence_targets.hpp"

#include <memory>
#include <optional>
#include <stdexcept>
#include <string_view>

#include "libcommon/text/prefix_list.hpp"
#include "libcommon/text/sentences.hpp"
#include "libcommon/text/utf8.hpp"

namespace gpt::fuzz {
namespace {

using text::Newlines;
using text::SentenceSplitter;
using text::Surroundings;

// With what surrounds them sentences are the text; without it they are the same sentences, in their places.
void check_sentences(SentenceSplitter& splitter, std::string_view text) {
  const auto kept = splitter.split(text, Surroundings::kept);
  const auto stripped = splitter.split(text, Surroundings::stripped);
  if (kept.size() != stripped.size()) throw std::logic_error("white space makes sentences");
  std::string joined;
  for (std::size_t i = 0; i < kept.size(); ++i) {
    joined += kept[i];
    if (stripped[i].empty() || kept[i].find(stripped[i]) == std::string_view::npos)
      throw std::logic_error("a sentence without its white space is another");
    if (!text::is_valid_utf8(kept[i]) || !text::is_valid_utf8(stripped[i]))
      throw std::logic_error("a character was cut");
  }
  if (!kept.empty() && joined != text) throw std::logic_error("the sentences are not the text");
}

Target sentences() {
  auto splitters = std::make_shared<std::vector<SentenceSplitter>>();
  for (const char* language : {"sv", "en", "de", "fi", "ja"}) {
    splitters->emplace_back(language);
    splitters->emplace_back(language, Newlines::are_spaces);
  }
  splitters->emplace_back(text::SentenceMode::icu, "sv");
  splitters->emplace_back(text::SentenceMode::newline, "sv");
  return {
      "sentences",
      {"Han kom kl. 8.30, t.ex. den 3 maj. \xE2\x80\x9D"
       "Hej!\xE2\x80\x9D sade hon\xE2\x80\xA6 Sedan (jfr s. 4)?",
       "Dr. Smith et al. met J. R. Tolkien at 5 p.m. in the U.S. Then what?! 1. First.\n2. Second\n\nEnd",
       "Am 3. Januar z. B. um 12 Uhr. \xC2\xBBJa.\xC2\xAB Nein: \xE2\x80\x9ENie.\xE2\x80\x9C",
       "\xE6\x97\xA5\xE6\x9C\xAC\xE3\x80\x82\xE6\x9C\xAC\xE5\xBD\x93\xEF\xBC\x9F\xE3\x81\xAF\xE3\x81\x84"},
      {".",        "!",
       "?",        "\xE2\x80\xA6",
       ":",        "...",
       ". ",       "\n",
       "\n\n",     " ",
       "\xC2\xA0", "\"",
       "'",        "\xE2\x80\x9D",
       "(",        ")",
       "[",        "kl.",
       "t.ex.",    "Dr.",
       "A.",       "1.",
       "3.5",      "\xC3\x85",
       "\xC2\xAD", "\xE2\x80\x8B",
       "\xCC\x81", "\xF0\x9F\x98\x80",
       "\xFF"},
      [splitters](const std::string& bytes) {
        const bool valid = text::is_valid_utf8(bytes);
        const std::string text = valid ? bytes : text::repair_utf8(bytes);
        for (SentenceSplitter& splitter : *splitters) check_sentences(splitter, text);
        return valid;
      }};
}

// A list that was accepted splits any text.
Target prefix_lists() {
  return {"prefix_lists",
          {"# list\nordinals-have-dots\ncolons-end-sentences\n[titles]\ndr prof\n[abbreviations]\nt.ex "
           "bl.a\n[numeric]\nnr s\n[after-ordinal]\nmaj\n"
           "[openers]\nhan hon\n[restarts]\nmen\n",
           "# Moses\nDr\nt.ex\nNr #NUMERIC_ONLY#\nA\n"},
          {"[titles]", "[", "]", "\n", "#", "#NUMERIC_ONLY#", " ", "\r", ".",
           "colons-before-quotes-end-sentences", "\xC3\x85", "\xFF"},
          [](const std::string& bytes) {
            std::optional<text::PrefixList> list;
            try {
              list = text::parse_prefix_list_or_throw(bytes, "fuzz");
            } catch (const std::runtime_error&) {
              return false;
            }
            SentenceSplitter splitter("sv", Newlines::are_spaces, std::move(list));
            check_sentences(splitter,
                            "Dr. A kom 3. maj: \"Ja.\" T.ex. nr. 4. Men han. bl.a. Hon\n\n\xC3\x85 s. 5");
            return true;
          }};
}

}  // namespace

std::vector<Target> sentence_targets() { return {sentences(), prefix_lists()}; }

}  // namespace gpt::fuzz
