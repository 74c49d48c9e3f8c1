#include "apps/gpt-crawl/extract/nesting.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>

#include "apps/gpt-crawl/extract/html_space.hpp"
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

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// A tag's name in lower case, up to a blank, '/' or '>' as the parser reads it; empty where no tag begins.
std::string tag_name_at(std::string_view html, std::size_t at) {
  std::string name;
  if (at >= html.size() || !is_letter(html[at])) return name;
  for (; at < html.size() && !is_html_space(html[at]) && html[at] != '/' && html[at] != '>'; ++at)
    name += static_cast<char>(std::tolower(static_cast<unsigned char>(html[at])));
  return name;
}

struct TagEnd {
  std::size_t at;  // one past '>'
  std::size_t attributes;
  bool self_closed;
};

// Behind an attribute's '=': its value, quoted or not.
std::size_t end_of_value(std::string_view html, std::size_t at) {
  while (at < html.size() && is_html_space(html[at])) ++at;
  if (at < html.size() && (html[at] == '"' || html[at] == '\''))
    return std::min(html.find(html[at], at + 1), html.size() - 1) + 1;
  while (at < html.size() && !is_html_space(html[at]) && html[at] != '>') ++at;
  return at;
}

// Walks name and attributes of a tag as the parser does, since a quote misread would hide what follows.
TagEnd end_of_tag(std::string_view html, std::size_t at) {
  enum class Place { tag_name, between, name, behind_name } place = Place::tag_name;
  TagEnd tag{html.size(), 0, false};
  while (at < html.size()) {
    const char c = html[at++];
    if (c == '>') return {at, tag.attributes, html[at - 2] == '/'};
    if (c == '/') {
      place = Place::between;
    } else if (is_html_space(c)) {
      place = place == Place::name || place == Place::behind_name ? Place::behind_name : Place::between;
    } else if (c == '=' && (place == Place::name || place == Place::behind_name)) {
      at = end_of_value(html, at);
      place = Place::between;
    } else if (place == Place::between || place == Place::behind_name) {
      ++tag.attributes;
      place = Place::name;
    }
  }
  return tag;
}

// Behind a comment whose "<!--" ends at `at`; "<!-->" and "<!--->" are whole ones.
std::size_t end_of_comment(std::string_view html, std::size_t at) {
  if (html.substr(at, 1) == ">") return at + 1;
  if (html.substr(at, 2) == "->") return at + 2;
  return std::min({html.find("-->", at), html.find("--!>", at), html.size()});
}

// Where the end tag of a raw text element stands that began before `at`.
std::size_t end_of_raw_text(std::string_view html, std::size_t at, std::string_view name) {
  while ((at = html.find("</", at)) != std::string_view::npos) {
    // No further than the name is long: text that is full of "</" must not cost quadratic time either.
    if (tag_name_at(html.substr(0, at + 2 + name.size() + 1), at + 2) == name) return at;
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

NestingCost nesting_cost(std::string_view html) {
  NestingCost cost;
  std::size_t depth = 0;
  std::unordered_map<std::string, std::size_t> open;
  Drawing drawing;
  bool foreign_seen = false;  // scripts and styles in drawings and formulas are no raw text
  for (auto at = html.find('<'); at < html.size(); at = html.find('<', at)) {
    ++at;
    if (html.substr(at, 3) == "!--") {
      at = end_of_comment(html, at + 3);
      continue;
    }
    const std::size_t closing = html.substr(at, 1) == "/" ? 1 : 0;
    const std::string name = tag_name_at(html, at + closing);
    if (name.empty()) continue;
    const auto tag = end_of_tag(html, at + closing);
    at = tag.at;
    cost.most_attributes = std::max(cost.most_attributes, tag.attributes);
    cost.steps += depth + std::uint64_t{tag.attributes} * tag.attributes / 2;
    if (closing != 0) {
      drawing.end(name);
      auto& count = open[name];
      if (count > 0) {
        --count;
        --depth;
      }
      continue;
    }
    foreign_seen = foreign_seen || name == "svg" || name == "math";
    drawing.start(name);
    if (is_among(kClosedByItself, name) || (tag.self_closed && drawing.inside() && name != "svg")) continue;
    ++open[name];
    cost.depth = std::max(cost.depth, ++depth);
    if (is_among(kRawText, name) && !foreign_seen) at = end_of_raw_text(html, at, name);
  }
  return cost;
}

void check_nesting_or_throw(std::string_view html) {
  const NestingCost cost = nesting_cost(html);
  if (cost.most_attributes > kMaxAttributes) throw UnreadablePage("too complex");
  if (cost.depth > kMaxDepth || cost.steps > kMaxSteps) throw UnreadablePage("nested too deeply");
}

}  // namespace gpt::crawl
