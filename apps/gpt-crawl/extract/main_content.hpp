#pragma once

#include <vector>

#include "apps/gpt-crawl/extract/page_tree.hpp"
#include "apps/gpt-crawl/extract/text_blocks.hpp"

namespace gpt::crawl {

// The blocks of a page's main text, in document order: what it was written for, without navigation, teasers,
// comments, forms and notices.
//
// Every block is a gain (its words outside links) or a loss (its words in links, and a price for being
// short); blocks in places whose element, class or id speaks of boilerplate are losses. The main text is the
// subtree with the greatest sum, so a side column is left out where it costs more than it brings. Inside that
// subtree, places that speak of boilerplate and lists of links are cut away, and so are headings left without
// a text.
std::vector<TextBlock> main_blocks(const PageTree& tree);

}  // namespace gpt::crawl
