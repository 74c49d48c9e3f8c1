#pragma once

#include <cstddef>
#include <string_view>

#include "apps/gpt-crawl/extract/page_tree.hpp"

namespace gpt::crawl {

// What an element's name, role, class and id say about its content.
enum class Hint {
  none,
  content,      // "article body"
  boilerplate,  // navigation, sharing, advertising ...
  comments,     // readers' comments: running text, but not the page's
};

Hint hint_of_element(const PageTree& tree, std::size_t node);

// The same for the words of a class or id ("post-comments", "sideBar").
Hint hint_of_names(std::string_view names);

}  // namespace gpt::crawl
