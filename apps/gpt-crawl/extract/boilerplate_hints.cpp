#include "apps/gpt-crawl/extract/boilerplate_hints.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <utility>

namespace gpt::crawl {
namespace {

constexpr std::string_view kComments[] = {"comment", "comments", "commentlist", "disqus",
                                          "replies", "respond",  "kommentar",   "kommentarer"};

constexpr std::string_view kBoilerplate[] = {
    // finding one's way
    "nav",
    "navbar",
    "navigation",
    "navheader",
    "navfooter",
    "menu",
    "menus",
    "submenu",
    "breadcrumb",
    "breadcrumbs",
    "pager",
    "pagination",
    "toolbar",
    "sitemap",
    "skiplink",
    "topbar",
    // around the page
    "sidebar",
    "footer",
    "masthead",
    "copyright",
    "disclaimer",
    "cookie",
    "cookies",
    "consent",
    "gdpr",
    // other pages
    "related",
    "recommended",
    "recommendations",
    "recirc",
    "trending",
    "popular",
    "teaser",
    "teasers",
    "carousel",
    "outbrain",
    "taboola",
    "zergnet",
    "readmore",
    "morestories",
    "mostread",
    "mostpopular",
    "tags",
    "taglist",
    "promo",
    "promos",
    "promotion",
    // sharing, selling, asking
    "share",
    "sharing",
    "sharebar",
    "sharedaddy",
    "social",
    "socials",
    "addthis",
    "newsletter",
    "subscribe",
    "subscription",
    "signup",
    "advert",
    "advertisement",
    "advertising",
    "ad",
    "ads",
    "adsense",
    "sponsor",
    "sponsored",
    "sponsors",
    "banner",
    "popup",
    "modal",
    "overlay",
    "paywall",
    "login",
    "rating",
    "ratings",
    "poll",
    "donate",
    "widget",
    "widgets",
    // about the text, not of it
    "byline",
    "author",
    "authors",
    "bio",
    "caption",
    "captions",
    "credit",
    "credits",
    "timestamp",
    "dateline",
    "gallery",
    "slideshow",
    "noprint",
    "print",
};

constexpr std::string_view kContent[] = {"articlebody",    "storybody", "entrycontent", "postcontent",
                                         "articlecontent", "postbody",  "storytext",    "articletext",
                                         "maincontent",    "bodycopy"};

bool is_among(std::string_view word, const auto& words) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

// Calls visit(word) for each word of "entry-content sideBar2" and for each pair of neighbours in one name
// joined. Digits end a word at its end and otherwise belong to it, so that generated names do not fall into
// words.
template <class Visit>
void for_each_word(std::string_view names, Visit visit) {
  std::string word, before;
  const auto finish = [&](bool name_ends) {
    while (!word.empty() && std::isdigit(static_cast<unsigned char>(word.back())) != 0) word.pop_back();
    if (!word.empty()) {
      visit(std::string_view(word));
      if (!before.empty()) visit(std::string_view(before + word));
      before = std::exchange(word, {});
    }
    if (name_ends) before.clear();
  };
  char last = ' ';
  for (const char c : names) {
    const auto u = static_cast<unsigned char>(c);
    if (std::isalnum(u) == 0) {
      finish(c == ' ' || c == '\t' || c == '\n');
    } else {
      if (std::isupper(u) != 0 && std::islower(static_cast<unsigned char>(last)) != 0) finish(false);
      word += static_cast<char>(std::tolower(u));
    }
    last = c;
  }
  finish(true);
}

}  // namespace

Hint hint_of_names(std::string_view names) {
  Hint hint = Hint::none;
  for_each_word(names, [&](std::string_view word) {
    if (is_among(word, kComments)) hint = Hint::comments;
    if (hint != Hint::comments && is_among(word, kContent)) hint = Hint::content;
    if (hint == Hint::none && is_among(word, kBoilerplate)) hint = Hint::boilerplate;
  });
  return hint;
}

Hint hint_of_element(const PageTree& tree, std::size_t node) {
  switch (tree.tag(node)) {
    case GUMBO_TAG_NAV:
    case GUMBO_TAG_ASIDE:
    case GUMBO_TAG_FOOTER:
    case GUMBO_TAG_FORM:
    case GUMBO_TAG_FIGURE:
    case GUMBO_TAG_FIGCAPTION:
    case GUMBO_TAG_MENU:
      return Hint::boilerplate;
    case GUMBO_TAG_BODY:
    case GUMBO_TAG_HTML:
    case GUMBO_TAG_MAIN:
    case GUMBO_TAG_ARTICLE:
      return Hint::none;
    default:
      break;
  }
  const auto role = tree.attribute(node, "role");
  if (role == "navigation" || role == "complementary" || role == "contentinfo" || role == "search" ||
      role == "banner" || role == "dialog" || role == "alert" || role == "menu")
    return Hint::boilerplate;
  if (tree.attribute(node, "itemprop") == "articleBody") return Hint::content;
  const Hint of_id = hint_of_names(tree.attribute(node, "id"));
  return of_id != Hint::none ? of_id : hint_of_names(tree.attribute(node, "class"));
}

}  // namespace gpt::crawl
