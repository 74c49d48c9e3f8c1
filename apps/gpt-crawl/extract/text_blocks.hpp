#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "apps/gpt-crawl/extract/page_tree.hpp"

namespace gpt::crawl {

// One line of a page as a reader sees it: a paragraph, heading, list item, a table cell's line; or a whole
// preformatted passage with its own line breaks.
struct TextBlock {
  std::string text;       // white space folded, except in preformatted passages
  std::size_t node;       // the first text node in it
  std::size_t owner;      // the innermost block element around it
  std::size_t words = 0;  // runs of letters and digits
  std::size_t link_words = 0;
  bool is_heading = false;
};

// What never is running text: scripts, styles, embedded media, form controls, hidden elements. True for the
// elements at the top of such subtrees.
bool is_never_text(const PageTree& tree, std::size_t node);

// The blocks of a subtree in document order, without those below nodes marked in `dropped` (one flag a node;
// a marked node takes its subtree with it).
std::vector<TextBlock> text_blocks(const PageTree& tree, std::size_t root, const std::vector<bool>& dropped);

// The blocks as lines. The cells of a table row stand on one line, separated by tabs, where each is one
// block.
std::string joined_lines(const PageTree& tree, const std::vector<TextBlock>& blocks);

}  // namespace gpt::crawl
