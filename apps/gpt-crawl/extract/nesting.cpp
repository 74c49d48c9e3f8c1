#include "apps/gpt-crawl/extract/nesting.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>

#include "apps/gpt-crawl/extract/page_tree.hpp"

namespace gpt::crawl {
namespace {

// Browsers stop at 512; pages with forgotten end tags reach some hundreds by this count.
constexpr std::size_t kMaxDepth = 5000;
// For many tags the parser walks all open elements, and it compares each attribute with those before it. This
// many steps are some seconds; a large ordinary page (a million tags, 50 deep) asks for 5·10^7.
constexpr std::uint64_t kMaxSteps = 500'000'000;
constexpr std::size_t kMaxAttributes = 2000;

constexpr std::array<std::string_view, 25> kClosedByItself = {
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link",  "meta",  "param", "source", "track",
    "wbr",  "p",    "li", "dt",  "dd",    "tr", "td",  "th",    "tbody", "thead", "a",     "option"};
constexpr std::array<std::string_view, 7> kRawText = {"script", "style",   "textarea", "xmp",
                                                      "iframe", "noembed", "noframes"};
constexpr std::array<std::string_view, 20> kDrawing = {
    "g",     "path",           "rect",   "circle",        "ellipse",  "line", "polyline", "polygon",
    "text",  "tspan",          "use",    "defs",          "clippath", "mask", "stop",     "symbol",
    "image", "lineargradient", "filter", "radialgradient"};

template <class Names>
bool is_among(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }

std::string tag_name_at(std::string_view html, std::size_t at) {
  std::string name;
  while (at < html.size() && name.size() < 16 && std::isalnum(static_cast<unsigned char>(html[at])) != 0)
    name += static_cast<char>(std::tolower(static_cast<unsigned char>(html[at++])));
  return name;
}

struct TagEnd {
  std::size_t at;  // one past '>'
  std::size_t attributes;
  bool self_closed;
};

// Walks the attributes from behind the tag's name.
TagEnd end_of_tag(std::string_view html, std::size_t at) {
  TagEnd tag{html.size(), 0, false};
  bool in_name = false;
  while (at < html.size()) {
    const char c = html[at++];
    if (c == '>') return {at, tag.attributes, html[at - 2] == '/'};
    if (is_blank(c) || c == '/') {
      in_name = false;
    } else if (c == '=' && tag.attributes > 0) {
      while (at < html.size() && is_blank(html[at])) ++at;
      if (at < html.size() && (html[at] == '"' || html[at] == '\'')) {
        at = std::min(html.find(html[at], at + 1), html.size() - 1) + 1;
      } else {
        while (at < html.size() && !is_blank(html[at]) && html[at] != '>') ++at;
      }
      in_name = false;
    } else if (!in_name) {
      ++tag.attributes;
      in_name = true;
    }
  }
  return tag;
}

// Behind the "</" of the end tag of a raw text element.
std::size_t end_of_raw_text(std::string_view html, std::size_t at, std::string_view name) {
  while ((at = html.find("</", at)) != std::string_view::npos) {
    if (tag_name_at(html, at + 2) == name) return at;
    at += 2;
  }
  return html.size();
}

// Follows whether tags stand in a drawing, where "/>" really closes. Any doubt is decided for "no", which can
// only make a page look deeper.
class Drawing {
 public:
  void start(const std::string& name) {
    if (name == "svg") {
      inside_ = true;
      caption_.clear();
    } else if (inside_ && caption_.empty() && (name == "title" || name == "desc")) {
      caption_ = name;
    } else if (!caption_.empty() || !is_among(kDrawing, name)) {
      inside_ = false;
      caption_.clear();
    }
  }
  void end(const std::string& name) {
    if (name == "svg") inside_ = false;
    if (name == caption_) caption_.clear();
  }
  bool inside() const { return inside_ && caption_.empty(); }

 private:
  bool inside_ = false;
  std::string caption_;  // the title or desc that is open, in which HTML may stand
};

}  // namespace

void check_nesting_or_throw(std::string_view html) {
  std::size_t depth = 0;
  std::uint64_t steps = 0;
  std::unordered_map<std::string, std::size_t> open;
  Drawing drawing;
  for (auto at = html.find('<'); at < html.size(); at = html.find('<', at)) {
    ++at;
    if (html.substr(at, 3) == "!--") {
      at = html.find("-->", at + 3);
      continue;
    }
    const bool closing = at < html.size() && html[at] == '/';
    const std::string name = tag_name_at(html, at + (closing ? 1 : 0));
    if (name.empty()) continue;
    const auto tag = end_of_tag(html, at + (closing ? 1 : 0) + name.size());
    at = tag.at;
    if (tag.attributes > kMaxAttributes) throw UnreadablePage("too complex");
    steps += depth + std::uint64_t{tag.attributes} * tag.attributes / 2;
    if (depth > kMaxDepth || steps > kMaxSteps) throw UnreadablePage("nested too deeply");
    if (closing) {
      drawing.end(name);
      auto& count = open[name];
      if (count > 0) {
        --count;
        --depth;
      }
    } else {
      drawing.start(name);
      if (is_among(kClosedByItself, name) || (tag.self_closed && drawing.inside() && name != "svg")) continue;
      ++open[name];
      ++depth;
      if (is_among(kRawText, name) && !drawing.inside()) at = end_of_raw_text(html, at, name);
    }
  }
}

}  // namespace gpt::crawl
