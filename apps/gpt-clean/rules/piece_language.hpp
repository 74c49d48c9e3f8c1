#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "apps/gpt-clean/rules/language.hpp"
#include "apps/gpt-clean/sentence_splitters.hpp"

namespace gpt::clean {

// Cuts the lines, or the sentences, in other languages than those wanted out of a document. A piece that is
// not identified surely goes the way of the piece before it, or where it is the first, of the one after;
// where none is, the document as a whole decides. The document's language becomes the one that most of what
// stays is in.
class PieceLanguageRule : public Rule {
 public:
  enum class Pieces { lines, sentences };

  PieceLanguageRule(Pieces pieces, std::vector<std::string> wanted, double least_confidence);
  Outcome apply(WorkingDocument& document) override;

 private:
  struct Piece {
    std::string_view text;  // with the white space behind it
    std::string code;       // of the language wanted that it is in; empty: in none
    bool is_sure = false;
    double confidence = 0.0;
    std::string identified;
  };

  std::vector<Piece> judged_pieces(std::string_view text);
  std::vector<std::string_view> cut(std::string_view text);

  Pieces pieces_;
  WantedLanguages wanted_;
  text::LanguageIdentifier identifier_;
  SentenceSplitters splitters_;
};

RuleKind language_of_lines_kind();
RuleKind language_of_sentences_kind();

}  // namespace gpt::clean
