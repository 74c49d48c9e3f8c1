// What comes from the web: pages, addresses, robots.txt.
#include <stdexcept>
#include <string>
#include <vector>

#include "apps/gpt-crawl/extract/nesting.hpp"
#include "apps/gpt-crawl/extract/page.hpp"
#include "apps/gpt-crawl/extract/page_tree.hpp"
#include "apps/gpt-crawl/frontier/url.hpp"
#include "apps/gpt-crawl/robots/robots_rules.hpp"
#include "libcommon/io/byte_source.hpp"
#include "libcommon/text/utf8.hpp"
#include "tests/fuzz/targets.hpp"

namespace gpt::fuzz {
namespace {

std::string repeated(const std::string& piece, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += piece;
  return out;
}

// Promises of a page: its strings are valid UTF-8, its text has no line that is empty or ends in blanks
// outside preformatted passages, and none of the controls that no text has.
void check_page(const crawl::Page& page) {
  for (const auto* text : {&page.title, &page.text, &page.lang, &page.canonical}) {
    if (!text::is_valid_utf8(*text)) throw std::logic_error("the page's text is not valid UTF-8");
  }
  for (const char c : page.text) {
    if (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t')
      throw std::logic_error("a control character in the page's text");
  }
  if (page.text.starts_with('\n') || page.text.ends_with('\n'))
    throw std::logic_error("a blank line at the page's end");
}

// Promise of the nesting's estimate: between two elements it counts stand no more than those that a table
// implies.
void check_nesting(const std::string& html) {
  const auto estimate = crawl::nesting_cost(html).depth;
  const crawl::PageTree tree(html);
  std::vector<std::size_t> depth(tree.size(), 1);
  for (std::size_t i = 1; i < tree.size(); ++i) {
    depth[i] = depth[tree.nodes()[i].parent] + 1;
    if (depth[i] > 6 * estimate + 20)
      throw std::logic_error("a depth of " + std::to_string(depth[i]) + " was taken for " +
                             std::to_string(estimate));
  }
}

Target pages() {
  Target target;
  target.name = "pages";
  for (const char* name : {"surdeg.html", "insjoar.html", "odling.html", "cykel.html", "vandring.html"})
    target.samples.push_back(io::read_file_or_throw(std::string(GPT_SOURCE_DIR "/tests/data/pages/") + name));
  target.words = {"<div>",
                  "</div>",
                  "<p>",
                  "</p>",
                  "<table>",
                  "<tr>",
                  "<td>",
                  "</table>",
                  "<b>",
                  "</b>",
                  "<a href=x>",
                  "</a>",
                  "<svg>",
                  "<title>",
                  "<math>",
                  "<desc>",
                  "<pre>",
                  "<br>",
                  "<script>",
                  "</script>",
                  "<!--",
                  "-->",
                  "<![CDATA[",
                  "<frameset>",
                  "<select>",
                  "<option>",
                  "<template>",
                  "<plaintext>",
                  "<textarea>",
                  "<body class=x>",
                  "<meta charset=utf-16>",
                  "<meta charset=shift_jis>",
                  "<meta charset=iso-2022-jp>",
                  "&amp",
                  "&#xD800;",
                  "&#1114112;",
                  "&nbsp;",
                  "\xFF\xFE",
                  "\xEF\xBB\xBF",
                  "\xC3",
                  "\xED\xA0\x80",
                  "class=\"comments\"",
                  "style=\"display:none\"",
                  std::string(3, '\0'),
                  "<",
                  ">",
                  "\"",
                  "=",
                  repeated("<div>", 200),
                  repeated("<b><p>", 50),
                  "<!-->",
                  "<!--->",
                  "--!>",
                  "<p a/=\"",
                  "<1 a=\"",
                  "<x\"=\">",
                  "<style>",
                  "<math><mrow>",
                  "<foreignObject>",
                  "</svg>",
                  repeated("<table><td>", 50)};
  target.read = [](const std::string& bytes) {
    try {
      const auto page = crawl::extract_page(bytes);
      check_page(page);
      check_nesting(text::repair_utf8(bytes));
      return !page.text.empty();
    } catch (const crawl::UnreadablePage&) {
      return false;
    }
  };
  return target;
}

Target addresses() {
  Target target;
  target.name = "addresses";
  target.samples = {"http://example.org/a/b/../c?d=e%20f#g", "https://user:pw@www.example.org:8443/%7Ea/./b",
                    "http://[2001:db8::1]:80/x",
                    "HTTP://r\xC3\xA4ksm\xC3\xB6rg\xC3\xA5s.example/\xC3\xA5?\xC3\xA4"};
  target.words = {
      "http://", "https://", "//", "/",  "/../",     "/./",  "%",     "%2",     "%2F",
      "%00",     "?",        "#",  "@",  ":",        "[",    "]",     "\\",     "\n",
      " ",       "xn--",     ".",  "..", "\xC3\xA5", "\xFF", "99999", "0x7f.1", std::string(1, '\0')};
  target.read = [](const std::string& text) {
    const auto url = crawl::Url::parse(text);
    if (!url) return false;
    const auto again = crawl::Url::parse(url->text());
    if (!again || !(*again == *url))
      throw std::logic_error("normalising '" + url->text() + "' again changes it");
    if (url->origin() + url->target() != url->text())
      throw std::logic_error("the parts do not make up the whole");
    for (const char c : url->text()) {
      if (static_cast<unsigned char>(c) <= 0x20 || static_cast<unsigned char>(c) >= 0x7F)
        throw std::logic_error("a byte that must be encoded");
    }
    return true;
  };
  return target;
}

Target robots() {
  Target target;
  target.name = "robots";
  target.samples = {
      "User-agent: *\nDisallow: /a\nAllow: /a/b$\n",
      "User-agent: gpt-crawl\nUser-agent: b\nDisallow: /*.gif$\nCrawl-delay: 2\n\nUser-agent: *\nDisallow: "
      "/\n",
      "\xEF\xBB\xBFuser-agent:gpt-crawl/1\r\nallow:/%C3%A5\r\ndisallow:*x*y*\r\nSitemap: http://e.org/\r\n"};
  target.words = {"User-agent:",
                  "Disallow:",
                  "Allow:",
                  "Crawl-delay:",
                  "*",
                  "$",
                  "/",
                  "#",
                  "\r",
                  "\n",
                  "%",
                  "%2a",
                  "1e999",
                  "gpt-crawl",
                  ":",
                  std::string(1, '\0'),
                  repeated("*a", 50)};
  target.read = [](const std::string& content) {
    const auto rules = crawl::RobotsRules::parse(content, "gpt-crawl");
    if (!rules.allows("/robots.txt")) throw std::logic_error("robots.txt itself is forbidden");
    if (rules.crawl_delay() && !(*rules.crawl_delay() >= 0)) throw std::logic_error("a delay that is none");
    rules.allows("/" + repeated("a", 500) + "?x=%");
    return rules.allows("/c");
  };
  return target;
}

}  // namespace

std::vector<Target> all_targets() { return {pages(), addresses(), robots()}; }

}  // namespace gpt::fuzz
