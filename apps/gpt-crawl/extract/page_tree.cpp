#include "apps/gpt-crawl/extract/page_tree.hpp"

#include <algorithm>
#include <csetjmp>
#include <cstdlib>
#include <new>

#include "apps/gpt-crawl/extract/nesting.hpp"

namespace gpt::crawl {
namespace {

// Memory a page may ask for: misnested formatting elements make a small page grow without bound.
constexpr std::size_t kLeastBudget = std::size_t{64} << 20;
constexpr std::size_t kBudgetPerByte = 40;

}  // namespace

// Gives the parser its memory and takes all of it back at once: freeing the tree node by node recurses, and a
// deep page would overflow the stack. Running over the budget jumps out of the parser, which is plain C.
class PageTree::Arena {
 public:
  explicit Arena(std::size_t budget) : budget_(budget) {}
  ~Arena() {
    while (last_block_ != nullptr) {
      Block* const before = last_block_->before;
      std::free(last_block_);
      last_block_ = before;
    }
  }
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  // Null when the budget did not suffice.
  const GumboOutput* parse(std::string_view html) {
    GumboOptions options = kGumboDefaultOptions;
    options.allocator = [](void* self, std::size_t size) {
      return static_cast<Arena*>(self)->allocate(size);
    };
    options.deallocator = [](void*, void*) {};
    options.userdata = this;
    options.max_errors = 0;
    if (setjmp(over_budget_) != 0) return nullptr;
    return gumbo_parse_with_options(&options, html.data(), html.size());
  }

 private:
  struct alignas(16) Block {
    Block* before;
  };
  static constexpr std::size_t kBlockBytes = std::size_t{256} << 10;

  void* allocate(std::size_t size) {
    size = (std::max<std::size_t>(size, 1) + 15) & ~std::size_t{15};
    if (size > left_) {
      const std::size_t block_bytes = std::max(size + sizeof(Block), kBlockBytes);
      void* memory = used_ + block_bytes <= budget_ ? std::malloc(block_bytes) : nullptr;
      if (memory == nullptr) std::longjmp(over_budget_, 1);
      used_ += block_bytes;
      last_block_ = new (memory) Block{last_block_};
      char* const front = reinterpret_cast<char*>(last_block_ + 1);
      if (block_bytes > kBlockBytes) return front;  // the rest of the block before stays in use
      next_ = front;
      left_ = block_bytes - sizeof(Block);
    }
    void* result = next_;
    next_ += size;
    left_ -= size;
    return result;
  }

  std::size_t budget_;
  std::size_t used_ = 0;
  Block* last_block_ = nullptr;
  char* next_ = nullptr;
  std::size_t left_ = 0;
  std::jmp_buf over_budget_;
};

PageTree::PageTree(std::string html) : html_(std::move(html)) {
  check_nesting_or_throw(html_);
  arena_ = std::make_unique<Arena>(std::max(kLeastBudget, html_.size() * kBudgetPerByte));
  const GumboOutput* output = arena_->parse(html_);
  if (output == nullptr) throw UnreadablePage("too complex");
  flatten(output->root);
}

PageTree::~PageTree() = default;

void PageTree::flatten(const GumboNode* root) {
  struct Open {
    std::size_t node;
    unsigned next_child;
  };
  std::vector<Open> open;
  const auto enter = [&](const GumboNode* source) {
    const std::size_t parent = open.empty() ? kNone : open.back().node;
    nodes_.push_back({source, parent, nodes_.size() + 1});
    if (source->type == GUMBO_NODE_ELEMENT) open.push_back({nodes_.size() - 1, 0});
  };
  enter(root);
  while (!open.empty()) {
    const auto& children = nodes_[open.back().node].source->v.element.children;
    if (open.back().next_child == children.length) {
      nodes_[open.back().node].end = nodes_.size();
      open.pop_back();
      continue;
    }
    const auto* child = static_cast<const GumboNode*>(children.data[open.back().next_child++]);
    if (child->type != GUMBO_NODE_COMMENT && child->type != GUMBO_NODE_DOCUMENT &&
        child->type != GUMBO_NODE_TEMPLATE)
      enter(child);
  }
}

GumboTag PageTree::tag(std::size_t i) const {
  return is_element(i) ? nodes_[i].source->v.element.tag : GUMBO_TAG_UNKNOWN;
}

std::string_view PageTree::text(std::size_t i) const {
  return is_element(i) ? std::string_view() : std::string_view(nodes_[i].source->v.text.text);
}

std::string_view PageTree::attribute(std::size_t i, const char* name) const {
  if (!is_element(i)) return {};
  const GumboAttribute* found = gumbo_get_attribute(&nodes_[i].source->v.element.attributes, name);
  return found == nullptr ? std::string_view() : std::string_view(found->value);
}

bool PageTree::has_attribute(std::size_t i, const char* name) const {
  return is_element(i) && gumbo_get_attribute(&nodes_[i].source->v.element.attributes, name) != nullptr;
}

bool PageTree::is_html(std::size_t i) const {
  return is_element(i) && nodes_[i].source->v.element.tag_namespace == GUMBO_NAMESPACE_HTML;
}

std::size_t PageTree::find(GumboTag wanted) const {
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    if (is_element(i) && tag(i) == wanted) return i;
  }
  return kNone;
}

}  // namespace gpt::crawl
