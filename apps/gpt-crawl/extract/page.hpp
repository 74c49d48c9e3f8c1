#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "apps/gpt-crawl/frontier/url.hpp"

namespace gpt::crawl {

// What a page says to crawlers: in <meta name="robots"> or, in the same words, an X-Robots-Tag header.
struct RobotsDirectives {
  bool noindex = false;
  bool nofollow = false;
};

RobotsDirectives parse_robots_directives(std::string_view content);

struct PageLink {
  std::string reference;  // as written; to be resolved against the page's base
  bool nofollow = false;
};

// What is taken from an HTML page.
struct Page {
  std::string title;
  std::string text;       // a line each paragraph, heading, list item, table row
  std::string lang;       // of the html element; empty where it says none
  std::string encoding;   // what its bytes were read as
  std::string base;       // of <base href>, as written
  std::string canonical;  // of <link rel="canonical">, as written
  RobotsDirectives robots;
  std::vector<PageLink> links;  // in document order
};

// bytes: the page as it came; content_type: the HTTP header's value, where there is one.
// Throws UnreadablePage (page_tree.hpp).
Page extract_page(std::string_view bytes, std::string_view content_type = {});

// The address against which a page's links are resolved.
Url base_of_page(const Page& page, const Url& address);

}  // namespace gpt::crawl
