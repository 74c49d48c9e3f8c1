#pragma once

#include <cstddef>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <gumbo.h>

namespace gpt::crawl {

// A page that cannot be taken apart at a bearable cost; what() is the reason.
class UnreadablePage : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The elements and texts of an HTML page in document order. A subtree is a range: everything below node i
// lies in [i + 1, nodes()[i].end). All walks are loops, so nesting costs no stack.
class PageTree {
 public:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  struct Node {
    const GumboNode* source;
    std::size_t parent;  // kNone for the root
    std::size_t end;     // one past its last descendant
  };

  // html: valid UTF-8. Throws UnreadablePage when its nesting or the memory it asks for is out of all
  // proportion.
  explicit PageTree(std::string html);
  ~PageTree();
  PageTree(const PageTree&) = delete;
  PageTree& operator=(const PageTree&) = delete;

  const std::vector<Node>& nodes() const { return nodes_; }
  std::size_t size() const { return nodes_.size(); }

  bool is_element(std::size_t i) const { return nodes_[i].source->type == GUMBO_NODE_ELEMENT; }
  // GUMBO_TAG_UNKNOWN for texts and for elements HTML does not know.
  GumboTag tag(std::size_t i) const;
  // Of a text node; empty for elements.
  std::string_view text(std::size_t i) const;
  // Empty both where the attribute is absent and where it is empty; has_attribute tells them apart.
  std::string_view attribute(std::size_t i, const char* name) const;
  bool has_attribute(std::size_t i, const char* name) const;
  // Whether an element is HTML's, not SVG's or MathML's.
  bool is_html(std::size_t i) const;

  // The first element with this tag; kNone where there is none.
  std::size_t find(GumboTag tag) const;

 private:
  class Arena;
  void flatten(const GumboNode* root);

  std::string html_;
  std::unique_ptr<Arena> arena_;
  std::vector<Node> nodes_;
};

}  // namespace gpt::crawl
