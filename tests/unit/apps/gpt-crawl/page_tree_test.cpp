#include "apps/gpt-crawl/extract/page_tree.hpp"

#include <string>

#include <doctest/doctest.h>

#include "apps/gpt-crawl/extract/nesting.hpp"
#include "apps/gpt-crawl/extract/page.hpp"

using gpt::crawl::check_nesting_or_throw;
using gpt::crawl::PageTree;
using gpt::crawl::UnreadablePage;

namespace {

std::string repeated(const std::string& piece, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += piece;
  return out;
}

}  // namespace

TEST_CASE("a subtree is a range") {
  const PageTree tree("<div id=a><p>ett <b>två</b></p></div><div id=b></div>");
  const auto div = tree.find(GUMBO_TAG_DIV);
  REQUIRE(div != PageTree::kNone);
  CHECK(tree.attribute(div, "id") == "a");
  const auto p = tree.find(GUMBO_TAG_P);
  CHECK(tree.nodes()[p].parent == div);
  CHECK(tree.nodes()[p].end == tree.nodes()[div].end);
  CHECK(tree.text(p + 1) == "ett ");
  CHECK(tree.attribute(tree.nodes()[div].end, "id") == "b");
  CHECK(tree.find(GUMBO_TAG_TABLE) == PageTree::kNone);
  CHECK(tree.nodes()[0].end == tree.size());
}

TEST_CASE("attributes that are absent and empty") {
  const PageTree tree("<p hidden class=''>x");
  const auto p = tree.find(GUMBO_TAG_P);
  CHECK(tree.has_attribute(p, "hidden"));
  CHECK(tree.attribute(p, "hidden").empty());
  CHECK_FALSE(tree.has_attribute(p, "id"));
}

TEST_CASE("deep pages are read up to a depth no page has, and refused beyond") {
  CHECK(gpt::crawl::extract_page(repeated("<div>", 3000) + "<p>djupt nere finns det en mening").text ==
        "djupt nere finns det en mening");
  for (const std::string& bomb : {repeated("<div>", 100000),
                                  repeated("<div></b>", 100000),
                                  repeated("<b><div>", 50000),
                                  repeated("<x-y>", 100000),
                                  repeated("<svg><desc>", 50000),
                                  "<svg><desc>" + repeated("<path/>", 100000),
                                  "<svg><div>" + repeated("<path/>", 100000),
                                  "<svg><title>" + repeated("<div>", 100000),
                                  repeated("<table><tr><td>", 50000),
                                  repeated("<ruby><rt>", 50000),
                                  repeated("<button><p>", 50000),
                                  "<!-->" + repeated("<div>", 100000) + "-->",
                                  "<!---><!--->" + repeated("<div>", 100000) + "-->",
                                  "<p a/=\">" + repeated("<div>", 100000),
                                  "<1 a=\"" + repeated("<div>", 100000),
                                  "<x\"=\">" + repeated("<div>", 100000),
                                  "<style<x>" + repeated("<div>", 100000),
                                  repeated("<p-x>", 100000),
                                  repeated("<div></div-x>", 100000),
                                  "<svg><foo><style>" + repeated("<div>", 100000),
                                  "<math><mrow><style>" + repeated("<div>", 100000),
                                  "<svg><foreignObject><textarea></svg></textarea></foreignObject><style>" +
                                      repeated("<div>", 100000)}) {
    CAPTURE(bomb.substr(0, 30));
    CHECK_THROWS_WITH_AS(PageTree{bomb}, "nested too deeply", UnreadablePage);
  }
  CHECK_THROWS_AS(PageTree{repeated("<div>", 4000) + repeated("<p></p>", 300000)}, UnreadablePage);
}

TEST_CASE("elements that HTML closes by itself are not depth") {
  for (const std::string& page : {repeated("<p>stycke", 20000), "<ul>" + repeated("<li>rad", 20000),
                                  "<table>" + repeated("<tr><td>cell", 20000), repeated("<br>", 20000),
                                  repeated("<img src=x>", 20000), "<select>" + repeated("<option>val", 20000),
                                  "<svg>" + repeated("<path d='M 0 0'/>", 20000) + "</svg>",
                                  repeated("<svg><title>bild</title><path d=''/></svg>", 6000),
                                  "<script>" + repeated("'<div>'", 20000) + "</script>"}) {
    CAPTURE(page.substr(0, 30));
    CHECK_NOTHROW(PageTree{page});
  }
}

TEST_CASE("attributes without end are refused, long values are not") {
  std::string many = "<p ";
  for (int i = 0; i < 100000; ++i) many += "a" + std::to_string(i) + " ";
  CHECK_THROWS_WITH_AS(check_nesting_or_throw(many + ">"), "too complex", UnreadablePage);
  many.resize(1500 * 6);
  CHECK_NOTHROW(check_nesting_or_throw(many + ">"));
  CHECK_THROWS_AS(check_nesting_or_throw(repeated(many + ">", 600)), UnreadablePage);
  CHECK_NOTHROW(check_nesting_or_throw("<script>" + repeated("</a", 1000000)));
  CHECK_NOTHROW(check_nesting_or_throw("<path d='" + repeated("1 2 ", 100000) + "'/>"));
}

TEST_CASE("formatting that is reopened for ever stops at the memory budget") {
  std::string bomb = "<p>";
  for (int i = 0; i < 2000; ++i) bomb += "<b id=" + std::to_string(i) + ">";
  bomb += "</p>" + repeated("<p>x</p>", 20000);
  CHECK_THROWS_WITH_AS(PageTree{bomb}, "too complex", UnreadablePage);
}
