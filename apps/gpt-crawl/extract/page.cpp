#include "apps/gpt-crawl/extract/page.hpp"

#include <algorithm>
#include <cctype>

#include "apps/gpt-crawl/extract/encoding.hpp"
#include "apps/gpt-crawl/extract/main_content.hpp"
#include "apps/gpt-crawl/extract/page_tree.hpp"
#include "apps/gpt-crawl/extract/text_blocks.hpp"

namespace gpt::crawl {
namespace {

std::string lowered(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

// Whether a list separated by blanks or commas holds a word, without regard to case.
bool holds_word(std::string_view list, std::string_view word) {
  const std::string text = lowered(list);
  constexpr std::string_view kSeparators = " ,\t\r\n\f:";
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find_first_of(kSeparators, at), text.size());
    if (std::string_view(text).substr(at, end - at) == word) return true;
    at = end + 1;
  }
  return false;
}

// All text below a node on one line.
std::string line_of(const PageTree& tree, std::size_t node) {
  std::string line;
  for (const auto& block : text_blocks(tree, node, std::vector<bool>(tree.size(), false))) {
    if (!line.empty()) line += ' ';
    line += block.text;
  }
  std::replace(line.begin(), line.end(), '\n', ' ');
  return line;
}

std::string title_of(const PageTree& tree) {
  for (const GumboTag tag : {GUMBO_TAG_TITLE, GUMBO_TAG_H1}) {
    for (std::size_t i = 0; i < tree.size(); ++i) {
      if (tree.tag(i) != tag || !tree.is_html(i)) continue;
      if (auto line = line_of(tree, i); !line.empty()) return line;
    }
  }
  return {};
}

void read_element(const PageTree& tree, std::size_t i, Page& page) {
  switch (tree.tag(i)) {
    case GUMBO_TAG_HTML:
      if (page.lang.empty()) page.lang = tree.attribute(i, "lang");
      if (page.lang.empty()) page.lang = tree.attribute(i, "xml:lang");
      break;
    case GUMBO_TAG_BASE:
      if (page.base.empty()) page.base = tree.attribute(i, "href");
      break;
    case GUMBO_TAG_LINK:
      if (page.canonical.empty() && holds_word(tree.attribute(i, "rel"), "canonical"))
        page.canonical = tree.attribute(i, "href");
      break;
    case GUMBO_TAG_META: {
      const auto name = lowered(tree.attribute(i, "name"));
      if (name != "robots" && name != "gpt-crawl") break;
      const auto said = parse_robots_directives(tree.attribute(i, "content"));
      page.robots.noindex = page.robots.noindex || said.noindex;
      page.robots.nofollow = page.robots.nofollow || said.nofollow;
      break;
    }
    case GUMBO_TAG_A:
    case GUMBO_TAG_AREA:
      if (tree.has_attribute(i, "href"))
        page.links.push_back(
            {std::string(tree.attribute(i, "href")), holds_word(tree.attribute(i, "rel"), "nofollow")});
      break;
    default:
      break;
  }
}

}  // namespace

RobotsDirectives parse_robots_directives(std::string_view content) {
  const bool none = holds_word(content, "none");
  return {none || holds_word(content, "noindex"), none || holds_word(content, "nofollow")};
}

Page extract_page(std::string_view bytes, std::string_view content_type) {
  auto decoded = decode_page(bytes, content_type);
  const PageTree tree(std::move(decoded.utf8));
  Page page;
  page.encoding = std::move(decoded.encoding);
  for (std::size_t i = 0; i < tree.size(); ++i) {
    if (tree.is_html(i)) read_element(tree, i, page);
  }
  page.title = title_of(tree);
  page.text = joined_lines(tree, main_blocks(tree));
  return page;
}

Url base_of_page(const Page& page, const Url& address) {
  if (page.base.empty()) return address;
  return Url::parse(page.base, &address).value_or(address);
}

}  // namespace gpt::crawl
