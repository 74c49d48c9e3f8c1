#include "apps/gpt-crawl/extract/text_blocks.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <utility>

#include <unicode/uchar.h>

#include "libcommon/text/utf8.hpp"
#include "libcommon/text/whitespace.hpp"

namespace gpt::crawl {
namespace {

// Elements that stand in a line of text; all others begin and end one.
bool is_inline(GumboTag tag) {
  switch (tag) {
    case GUMBO_TAG_A:
    case GUMBO_TAG_ABBR:
    case GUMBO_TAG_ACRONYM:
    case GUMBO_TAG_B:
    case GUMBO_TAG_BDI:
    case GUMBO_TAG_BDO:
    case GUMBO_TAG_BIG:
    case GUMBO_TAG_BLINK:
    case GUMBO_TAG_CITE:
    case GUMBO_TAG_CODE:
    case GUMBO_TAG_DATA:
    case GUMBO_TAG_DEL:
    case GUMBO_TAG_DFN:
    case GUMBO_TAG_EM:
    case GUMBO_TAG_FONT:
    case GUMBO_TAG_I:
    case GUMBO_TAG_IMG:
    case GUMBO_TAG_INS:
    case GUMBO_TAG_KBD:
    case GUMBO_TAG_LABEL:
    case GUMBO_TAG_MARK:
    case GUMBO_TAG_NOBR:
    case GUMBO_TAG_Q:
    case GUMBO_TAG_RB:
    case GUMBO_TAG_RT:
    case GUMBO_TAG_RTC:
    case GUMBO_TAG_RUBY:
    case GUMBO_TAG_S:
    case GUMBO_TAG_SAMP:
    case GUMBO_TAG_SMALL:
    case GUMBO_TAG_SPAN:
    case GUMBO_TAG_STRIKE:
    case GUMBO_TAG_STRONG:
    case GUMBO_TAG_SUB:
    case GUMBO_TAG_SUP:
    case GUMBO_TAG_TIME:
    case GUMBO_TAG_TT:
    case GUMBO_TAG_U:
    case GUMBO_TAG_VAR:
    case GUMBO_TAG_WBR:
    case GUMBO_TAG_UNKNOWN:
      return true;
    default:
      return false;
  }
}

bool is_heading(GumboTag tag) { return tag >= GUMBO_TAG_H1 && tag <= GUMBO_TAG_H6; }

bool is_preformatted(GumboTag tag) {
  return tag == GUMBO_TAG_PRE || tag == GUMBO_TAG_LISTING || tag == GUMBO_TAG_XMP ||
         tag == GUMBO_TAG_PLAINTEXT;
}

// Scripts written without spaces between words; two of their letters are counted as one.
bool is_unspaced_letter(char32_t point) {
  return (point >= 0x0E00 && point < 0x1000) || (point >= 0x1000 && point < 0x10A0) ||
         (point >= 0x1780 && point < 0x1800) || (point >= 0x3040 && point < 0x3130) ||
         (point >= 0x3400 && point < 0xA000) || (point >= 0xF900 && point < 0xFB00) ||
         (point >= 0x20000 && point < 0x32000);
}

std::size_t count_words(std::string_view text) {
  std::size_t words = 0, unspaced = 0;
  bool inside = false;
  text::for_each_code_point(text, [&](char32_t point, std::size_t, std::size_t) {
    const bool letter = u_isalnum(static_cast<UChar32>(point)) != 0;
    if (is_unspaced_letter(point)) {
      if (letter) ++unspaced;
      inside = false;
      return;
    }
    if (letter && !inside) ++words;
    inside = letter;
  });
  return words + (unspaced + 1) / 2;
}

bool is_control(char32_t point) { return point < 0x20 || (point >= 0x7F && point < 0xA0); }

// Gathers one block's text: white space folded as in a browser, or kept in a preformatted passage.
class LineText {
 public:
  void add(std::string_view text, bool preformatted) {
    text::for_each_code_point(text, [&](char32_t point, std::size_t begin, std::size_t length) {
      if (preformatted && (point == '\n' || point == '\t' || point == ' ')) {
        flush_blank();
        text_ += static_cast<char>(point);
      } else if (text::is_space(point) || text::is_line_end(point)) {
        blank_ = true;
      } else if (!is_control(point) && point != 0xAD && point != 0x200B && point != 0xFEFF) {
        flush_blank();
        text_ += text.substr(begin, length);
      }
    });
  }

  // The text, empty when there was none but blanks; starts anew.
  std::string take() {
    blank_ = false;
    std::string text = std::exchange(text_, {});
    const auto last = text.find_last_not_of(" \t\n");
    if (last == std::string::npos) return {};
    text.erase(last + 1);
    // Line breaks in front go, the indentation of a first line stays.
    const auto first = text.find_first_not_of(" \t\n");
    const auto line_break = text.rfind('\n', first);
    if (line_break != std::string::npos) text.erase(0, line_break + 1);
    return text;
  }

 private:
  void flush_blank() {
    if (blank_ && !text_.empty() && text_.back() != '\n') text_ += ' ';
    blank_ = false;
  }
  std::string text_;
  bool blank_ = false;
};

// Walks a subtree once, following which element ends where.
class BlockGatherer {
 public:
  BlockGatherer(const PageTree& tree, const std::vector<bool>& dropped) : tree_(tree), dropped_(dropped) {}

  std::vector<TextBlock> gather(std::size_t root) {
    const std::size_t end = tree_.nodes()[root].end;
    for (std::size_t i = root; i < end;) {
      close_before(i);
      if (tree_.is_element(i)) {
        if (dropped_[i]) {
          if (!is_inline(tree_.tag(i))) finish_block();
          i = tree_.nodes()[i].end;
          continue;
        }
        open_element(i);
      } else {
        add_text(i);
      }
      ++i;
    }
    close_before(end);
    finish_block();
    return std::move(blocks_);
  }

 private:
  struct Open {
    std::size_t node;
    GumboTag tag;
  };

  void open_element(std::size_t i) {
    const GumboTag tag = tree_.tag(i);
    if (tag == GUMBO_TAG_BR) {
      if (preformatted_ > 0)
        line_.add("\n", true);
      else
        finish_block();
      return;
    }
    if (!is_inline(tag)) finish_block();
    if (tag == GUMBO_TAG_A) ++links_;
    if (is_preformatted(tag)) ++preformatted_;
    if (is_heading(tag)) ++headings_;
    if (!is_inline(tag)) owners_.push_back(i);
    open_.push_back({i, tag});
  }

  void close_before(std::size_t i) {
    while (!open_.empty() && tree_.nodes()[open_.back().node].end <= i) {
      const GumboTag tag = open_.back().tag;
      open_.pop_back();
      if (!is_inline(tag)) {
        finish_block();
        owners_.pop_back();
      }
      if (tag == GUMBO_TAG_A) --links_;
      if (is_preformatted(tag)) --preformatted_;
      if (is_heading(tag)) --headings_;
    }
  }

  void add_text(std::size_t i) {
    const auto text = tree_.text(i);
    const std::size_t words = count_words(text);
    if (block_.node == PageTree::kNone && text.find_first_not_of(" \t\r\n\f") != std::string_view::npos) {
      block_.node = i;
      block_.owner = owners_.empty() ? i : owners_.back();
      block_.is_heading = headings_ > 0;
    }
    if (links_ > 0) block_.link_words += words;
    line_.add(text, preformatted_ > 0);
  }

  void finish_block() {
    block_.text = line_.take();
    if (!block_.text.empty() && block_.node != PageTree::kNone) {
      block_.words = count_words(block_.text);
      block_.link_words = std::min(block_.link_words, block_.words);
      blocks_.push_back(std::move(block_));
    }
    block_ = TextBlock{{}, PageTree::kNone, PageTree::kNone, 0, 0, false};
  }

  const PageTree& tree_;
  const std::vector<bool>& dropped_;
  std::vector<Open> open_;
  std::vector<std::size_t> owners_;
  int links_ = 0, preformatted_ = 0, headings_ = 0;
  LineText line_;
  TextBlock block_{{}, PageTree::kNone, PageTree::kNone, 0, 0, false};
  std::vector<TextBlock> blocks_;
};

bool has_style(const PageTree& tree, std::size_t node, std::string_view wanted) {
  std::string style;
  for (const char c : tree.attribute(node, "style")) {
    if (c != ' ' && c != '\t' && c != '\n') style += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  }
  return style.find(wanted) != std::string::npos;
}

// The cell and row of a table around a node; kNone outside tables.
struct Place {
  std::size_t cell = PageTree::kNone;
  std::size_t row = PageTree::kNone;
};

Place place_in_table(const PageTree& tree, std::size_t node) {
  Place place;
  for (std::size_t i = node; i != PageTree::kNone; i = tree.nodes()[i].parent) {
    const GumboTag tag = tree.tag(i);
    if (tag == GUMBO_TAG_TD || tag == GUMBO_TAG_TH) {
      place.cell = i;
    } else if (tag == GUMBO_TAG_TR && place.cell != PageTree::kNone) {
      place.row = i;
      break;
    } else if (tag == GUMBO_TAG_TABLE) {
      break;
    }
  }
  return place;
}

}  // namespace

bool is_never_text(const PageTree& tree, std::size_t node) {
  if (!tree.is_element(node)) return false;
  if (!tree.is_html(node)) return true;
  switch (tree.tag(node)) {
    case GUMBO_TAG_HEAD:
    case GUMBO_TAG_SCRIPT:
    case GUMBO_TAG_STYLE:
    case GUMBO_TAG_NOSCRIPT:
    case GUMBO_TAG_TEMPLATE:
    case GUMBO_TAG_IFRAME:
    case GUMBO_TAG_OBJECT:
    case GUMBO_TAG_EMBED:
    case GUMBO_TAG_APPLET:
    case GUMBO_TAG_CANVAS:
    case GUMBO_TAG_AUDIO:
    case GUMBO_TAG_VIDEO:
    case GUMBO_TAG_MAP:
    case GUMBO_TAG_BUTTON:
    case GUMBO_TAG_INPUT:
    case GUMBO_TAG_SELECT:
    case GUMBO_TAG_TEXTAREA:
    case GUMBO_TAG_DATALIST:
    case GUMBO_TAG_PROGRESS:
    case GUMBO_TAG_METER:
    case GUMBO_TAG_RP:
    case GUMBO_TAG_NOFRAMES:
      return true;
    default:
      break;
  }
  // Help pages hide spans of which a script then shows those that fit the reader's system.
  return (tree.has_attribute(node, "hidden") && !is_inline(tree.tag(node))) ||
         has_style(tree, node, "display:none") || has_style(tree, node, "visibility:hidden");
}

std::vector<TextBlock> text_blocks(const PageTree& tree, std::size_t root, const std::vector<bool>& dropped) {
  return BlockGatherer(tree, dropped).gather(root);
}

std::string joined_lines(const PageTree& tree, const std::vector<TextBlock>& blocks) {
  std::vector<Place> places;
  std::unordered_map<std::size_t, std::size_t> blocks_of_cell;
  std::unordered_map<std::size_t, std::size_t> most_of_row;  // blocks in a row's fullest cell
  for (const auto& block : blocks) {
    places.push_back(place_in_table(tree, block.node));
    if (places.back().row == PageTree::kNone) continue;
    auto& most = most_of_row[places.back().row];
    most = std::max(most, ++blocks_of_cell[places.back().cell]);
  }
  std::string out;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    if (i > 0) {
      const bool same_row = places[i].row != PageTree::kNone && places[i].row == places[i - 1].row;
      out += same_row && most_of_row[places[i].row] == 1 ? '\t' : '\n';
    }
    out += blocks[i].text;
  }
  return out;
}

}  // namespace gpt::crawl
