#include "apps/gpt-clean/rules/min_tokens.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "apps/gpt-clean/vocabulary.hpp"

namespace gpt::clean {
namespace {

constexpr std::size_t kBytesPerToken = 4;

// A piece of a long text ends where a word does, so that its tokens are those of the whole.
std::size_t end_of_piece(std::string_view text, std::size_t begin, std::size_t length) {
  if (text.size() - begin <= length) return text.size();
  const std::size_t space = text.find(' ', begin + length);
  return space == std::string_view::npos ? text.size() : space;
}

class MinTokensRule : public Rule {
 public:
  MinTokensRule(const RuleKind& kind, std::size_t least,
                std::shared_ptr<const tokenizer::Tokenizer> tokenizer)
      : Rule(kind.name, Unit::documents_dropped), least_(least), tokenizer_(std::move(tokenizer)) {
    if (tokenizer_) encoder_ = std::make_unique<tokenizer::TextEncoder>(tokenizer_->make_encoder());
  }

  Outcome apply(WorkingDocument& document) override {
    const std::size_t tokens = count(document.text, document.wanted);
    Outcome outcome = tokens >= least_ ? untouched() : dropped(std::to_string(tokens) + " tokens");
    outcome.measure = static_cast<double>(tokens);
    return outcome;
  }

 private:
  // Up to the least number, where no more is wanted than a verdict.
  std::size_t count(std::string_view text, WorkingDocument::Wanted wanted) {
    if (!encoder_) return (text.size() + kBytesPerToken - 1) / kBytesPerToken;
    const std::size_t piece = 8 * least_ + 64;
    ids_.clear();
    for (std::size_t at = 0;
         at < text.size() && (wanted == WorkingDocument::Wanted::measures || ids_.size() < least_);) {
      const std::size_t end = end_of_piece(text, at, piece);
      encoder_->append_or_throw(text.substr(at, end - at), ids_);
      at = end;
    }
    return ids_.size();
  }

  std::size_t least_;
  std::shared_ptr<const tokenizer::Tokenizer> tokenizer_;
  std::unique_ptr<tokenizer::TextEncoder> encoder_;
  std::vector<tokenizer::TokenId> ids_;
};

}  // namespace

RuleKind min_tokens_kind() {
  return {
      .name = "min-tokens",
      .summary = "Drops documents with fewer tokens; without a vocabulary four bytes are taken for a token",
      .source = "cleanup_dataset.py of Megatron-LM",
      .unit = Rule::Unit::documents_dropped,
      .parameters = {{"min", "128", "least number of tokens"},
                     {"vocab-file", "", "vocab.json, or a tokenizer.json"},
                     {"merge-file", "", "merges.txt that belongs to a vocab.json"}},
      .make = [](const Settings& settings) {
        return std::make_unique<MinTokensRule>(
            settings.kind(), settings.count_or_throw("min"),
            shared_tokenizer_or_throw(settings.text_or_throw("vocab-file"),
                                      settings.text_or_throw("merge-file")));
      }};
}

}  // namespace gpt::clean
