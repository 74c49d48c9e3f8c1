#include "apps/gpt-crawl/extract/main_content.hpp"

#include <algorithm>

#include "apps/gpt-crawl/extract/boilerplate_hints.hpp"

namespace gpt::crawl {
namespace {

// The figures below were chosen on the pages that tests/bench/extract_quality.py measures; F1 there changes
// by less than 0.01 when any one of them is moved by a fifth.

// Loss for a word in a link, beside its not being a gain.
constexpr double kLinkWordLoss = 0.7;
// What a block must bring, in words, before it is a gain. A table's row is one statement made of several
// cells, and a list of several items.
constexpr double kBlockPrice = 5;
constexpr double kItemPrice = 2;
constexpr double kCellPrice = 0.5;
// A short line without a link speaks less against a place: formulas, captions, terms.
constexpr double kShortLineShare = 0.3;
// Loss for a word in a place that speaks of boilerplate.
constexpr double kBoilerplateWordLoss = 0.3;
// Loss for a word in a list of links: it will be cut away, so it says little about what is around it.
constexpr double kLinkListWordLoss = 0.3;
// A place that speaks of boilerplate but holds more than this share of all words is believed to be mistaken.
constexpr double kMistakenShare = 0.45;
constexpr double kMistakenCommentShare = 0.85;
// A subtree with more than this share of its words in links is a list of links ...
constexpr double kLinkListShare = 0.5;
// ... unless it has this many words outside them.
constexpr double kLongTextWords = 25;

// Whether an element of this kind can hold a whole text rather than one part of it.
bool can_hold_all(GumboTag tag) {
  switch (tag) {
    case GUMBO_TAG_HTML:
    case GUMBO_TAG_BODY:
    case GUMBO_TAG_MAIN:
    case GUMBO_TAG_ARTICLE:
    case GUMBO_TAG_SECTION:
    case GUMBO_TAG_DIV:
    case GUMBO_TAG_TD:
    case GUMBO_TAG_TABLE:
    case GUMBO_TAG_CENTER:
    case GUMBO_TAG_FORM:
    case GUMBO_TAG_BLOCKQUOTE:
    case GUMBO_TAG_UNKNOWN:
      return true;
    default:
      return false;
  }
}

class ContentFinder {
 public:
  explicit ContentFinder(const PageTree& tree) : tree_(tree), dropped_(tree.size(), false) {}

  std::vector<TextBlock> find() {
    for (std::size_t i = 0; i < tree_.size(); ++i) {
      if (is_never_text(tree_, i)) dropped_[i] = true;
    }
    blocks_ = text_blocks(tree_, 0, dropped_);
    sum_words();
    mark_boilerplate();
    const std::size_t root = best_subtree();
    for (std::size_t i = root + 1; i < tree_.nodes()[root].end; ++i) {
      if (boilerplate_[i] || is_link_list(i)) dropped_[i] = true;
    }
    auto kept = text_blocks(tree_, root, dropped_);
    drop_lone_headings(kept);
    return kept;
  }

 private:
  struct Words {
    double all = 0, link = 0;
  };

  // words_before_[i]: the words of blocks that begin before node i.
  void sum_words() {
    words_before_.assign(tree_.size() + 1, {});
    std::size_t next = 0;
    Words sum;
    for (std::size_t i = 0; i <= tree_.size(); ++i) {
      words_before_[i] = sum;
      while (next < blocks_.size() && blocks_[next].node == i) {
        sum.all += static_cast<double>(blocks_[next].words);
        sum.link += static_cast<double>(blocks_[next].link_words);
        ++next;
      }
    }
  }

  Words words_of(std::size_t node) const {
    const auto& from = words_before_[node];
    const auto& to = words_before_[tree_.nodes()[node].end];
    return {to.all - from.all, to.link - from.link};
  }

  void mark_boilerplate() {
    boilerplate_.assign(tree_.size(), false);
    const double all = words_before_.back().all;
    for (std::size_t i = 0; i < tree_.size(); ++i) {
      if (!tree_.is_element(i)) continue;
      const Hint hint = hint_of_element(tree_, i);
      if (hint != Hint::boilerplate && hint != Hint::comments) continue;
      const double share = hint == Hint::comments ? kMistakenCommentShare : kMistakenShare;
      if (words_of(i).all <= share * all) boilerplate_[i] = true;
    }
  }

  // Of the element a block stands in, or of the one around it: cells and items often hold a paragraph.
  double price_of(const TextBlock& block) const {
    double price = kBlockPrice;
    std::size_t node = block.owner;
    for (int level = 0; level < 2 && node != PageTree::kNone; ++level, node = tree_.nodes()[node].parent) {
      const GumboTag tag = tree_.tag(node);
      if (tag == GUMBO_TAG_TD || tag == GUMBO_TAG_TH) price = std::min(price, kCellPrice);
      if (tag == GUMBO_TAG_LI || tag == GUMBO_TAG_DT || tag == GUMBO_TAG_DD)
        price = std::min(price, kItemPrice);
    }
    return price;
  }

  double value_of(const TextBlock& block, bool in_boilerplate, bool in_link_list) const {
    const auto words = static_cast<double>(block.words);
    const auto link_words = static_cast<double>(block.link_words);
    if (in_link_list) return -kLinkListWordLoss * words;
    if (in_boilerplate) return -kBoilerplateWordLoss * words - kBlockPrice;
    if (block.is_heading) return -kLinkWordLoss * link_words;
    const double value = words - link_words - kLinkWordLoss * link_words - price_of(block);
    return value < 0 && link_words == 0 ? kShortLineShare * value : value;
  }

  std::size_t best_subtree() const {
    std::vector<double> value_before(tree_.size() + 1, 0);
    std::size_t next = 0, boilerplate_end = 0, link_list_end = 0;
    double sum = 0;
    for (std::size_t i = 0; i <= tree_.size(); ++i) {
      value_before[i] = sum;
      if (i < tree_.size() && boilerplate_[i])
        boilerplate_end = std::max(boilerplate_end, tree_.nodes()[i].end);
      if (i < tree_.size() && is_link_list(i)) link_list_end = std::max(link_list_end, tree_.nodes()[i].end);
      while (next < blocks_.size() && blocks_[next].node == i)
        sum += value_of(blocks_[next++], i < boilerplate_end, i < link_list_end);
    }
    std::size_t best = 0;
    double best_value = 0;
    for (std::size_t i = 0; i < tree_.size(); ++i) {
      if (!tree_.is_element(i) || !can_hold_all(tree_.tag(i))) continue;
      const double value = value_before[tree_.nodes()[i].end] - value_before[i];
      if (value >= best_value) {
        best = i;
        best_value = value;
      }
    }
    return best;
  }

  bool is_link_list(std::size_t node) const {
    if (!tree_.is_element(node)) return false;
    switch (tree_.tag(node)) {
      case GUMBO_TAG_UL:
      case GUMBO_TAG_OL:
      case GUMBO_TAG_DL:
      case GUMBO_TAG_DIV:
      case GUMBO_TAG_SECTION:
      case GUMBO_TAG_TABLE:
      case GUMBO_TAG_P:
        break;
      default:
        return false;
    }
    const Words words = words_of(node);
    if (words.all == 0 || words.link <= kLinkListShare * words.all) return false;
    return words.all - words.link < kLongTextWords;
  }

  static void drop_lone_headings(std::vector<TextBlock>& blocks) {
    while (!blocks.empty() && blocks.back().is_heading) blocks.pop_back();
  }

  const PageTree& tree_;
  std::vector<bool> dropped_;
  std::vector<bool> boilerplate_;
  std::vector<TextBlock> blocks_;
  std::vector<Words> words_before_;
};

}  // namespace

std::vector<TextBlock> main_blocks(const PageTree& tree) { return ContentFinder(tree).find(); }

}  // namespace gpt::crawl
