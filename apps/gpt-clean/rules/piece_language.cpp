#include "apps/gpt-clean/rules/piece_language.hpp"

#include <algorithm>

namespace gpt::clean {
namespace {

constexpr std::string_view kWhiteSpace = " \t\n";

// Each line with the blank ones behind it.
std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_not_of('\n', text.find('\n')), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return lines;
}

std::string_view white_space_behind(std::string_view piece) {
  const std::size_t last = piece.find_last_not_of(kWhiteSpace);
  return last == std::string_view::npos ? piece : piece.substr(last + 1);
}

// Where a piece was cut out, the wider of the gaps before and behind it stays.
void widen_gap(std::string& out, std::string_view gap) {
  const std::string_view before = white_space_behind(out);
  if (out.empty() ||
      std::count(before.begin(), before.end(), '\n') >= std::count(gap.begin(), gap.end(), '\n'))
    return;
  out.resize(out.size() - before.size());
  out += gap;
}

// What each language wanted has of the text that stays: bytes, and bytes times confidence.
class Shares {
 public:
  void add(const std::string& code, double confidence, std::size_t bytes) {
    Share& share = shares_[code];
    share.bytes += static_cast<double>(bytes);
    share.sure_bytes += confidence * static_cast<double>(bytes);
  }

  void note_greatest(WorkingDocument& document) const {
    const auto greatest = std::max_element(
        shares_.begin(), shares_.end(),
        [](const auto& left, const auto& right) { return left.second.bytes < right.second.bytes; });
    if (greatest == shares_.end()) return;
    document.language = greatest->first;
    document.language_confidence = greatest->second.sure_bytes / greatest->second.bytes;
  }

 private:
  struct Share {
    double bytes = 0;
    double sure_bytes = 0;
  };
  std::map<std::string, Share> shares_;
};

}  // namespace

PieceLanguageRule::PieceLanguageRule(Pieces pieces, std::vector<std::string> wanted, double least_confidence)
    : Rule(pieces == Pieces::lines ? "language-of-lines" : "language-of-sentences",
           pieces == Pieces::lines ? Unit::lines_dropped : Unit::sentences_dropped),
      pieces_(pieces),
      wanted_(std::move(wanted), least_confidence) {}

Outcome PieceLanguageRule::apply(WorkingDocument& document) {
  Outcome outcome;
  Shares shares;
  std::string out;
  for (const Piece& piece : judged_pieces(document.text)) {
    if (!piece.code.empty()) {
      shares.add(piece.code, piece.confidence, piece.text.size());
      out += piece.text;
      continue;
    }
    widen_gap(out, white_space_behind(piece.text));
    if (outcome.count++ == 0) outcome.detail = piece.identified + ": " + std::string(piece.text);
  }
  shares.note_greatest(document);
  if (outcome.count == 0) return outcome;
  out.resize(out.size() - white_space_behind(out).size());
  document.text = std::move(out);
  return outcome;
}

std::vector<PieceLanguageRule::Piece> PieceLanguageRule::judged_pieces(std::string_view text) {
  std::vector<Piece> pieces;
  for (const std::string_view view : cut(text)) {
    const text::IdentifiedLanguage identified = identifier_.identify(view);
    pieces.push_back({view, {}, wanted_.is_sure(identified), identified.confidence, identified.code});
  }
  const auto first_sure =
      std::find_if(pieces.begin(), pieces.end(), [](const Piece& piece) { return piece.is_sure; });
  std::string code = wanted_.code_if_wanted(first_sure == pieces.end() ? identifier_.identify(text).code
                                                                       : first_sure->identified);
  for (Piece& piece : pieces) {
    if (piece.is_sure) code = wanted_.code_if_wanted(piece.identified);
    piece.code = code;
  }
  return pieces;
}

std::vector<std::string_view> PieceLanguageRule::cut(std::string_view text) {
  if (pieces_ == Pieces::lines) return lines_of(text);
  return splitters_.of(identifier_.identify(text).code).split(text, text::Surroundings::kept);
}

namespace {

RuleKind kind_of(PieceLanguageRule::Pieces pieces, const std::string& name, const std::string& what,
                 Rule::Unit unit) {
  return {.name = name,
          .summary = "Drops " + what + " in other languages than those wanted",
          .source = "",
          .unit = unit,
          .parameters = {{"keep", "", "languages to keep, ISO 639 codes: sv,da; none: all"},
                         {"confidence", "0.5",
                          "what is identified less surely goes the way of what stands before it"}},
          .names_language = true,
          .make = [pieces](const Settings& settings) {
            return std::make_unique<PieceLanguageRule>(pieces,
                                                       languages_or_throw(settings.list_or_throw("keep")),
                                                       settings.number_or_throw("confidence"));
          }};
}

}  // namespace

RuleKind language_of_lines_kind() {
  return kind_of(PieceLanguageRule::Pieces::lines, "language-of-lines", "lines", Rule::Unit::lines_dropped);
}

RuleKind language_of_sentences_kind() {
  return kind_of(PieceLanguageRule::Pieces::sentences, "language-of-sentences", "sentences",
                 Rule::Unit::sentences_dropped);
}

}  // namespace gpt::clean
