#include "apps/gpt-crawl/extract/page.hpp"

#include <string>

#include <doctest/doctest.h>

#include "apps/gpt-crawl/extract/boilerplate_hints.hpp"

using gpt::crawl::extract_page;
using gpt::crawl::Hint;
using gpt::crawl::hint_of_names;
using gpt::crawl::parse_robots_directives;
using gpt::crawl::Url;

namespace {

constexpr const char* kParagraph =
    "Det här stycket är långt nog för att räknas som löpande text, och det handlar om ingenting särskilt.";

std::string text_of(const std::string& body) {
  return extract_page("<html><body>" + body + "</body></html>").text;
}
std::string paragraph(const std::string& text = kParagraph) { return "<p>" + text + "</p>"; }

}  // namespace

TEST_CASE("paragraphs, headings, lists and rows are lines") {
  CHECK(text_of("<h1>Rubrik</h1>" + paragraph() + "<ul><li>ett<li>två</ul><p>slut") ==
        std::string("Rubrik\n") + kParagraph + "\nett\ntvå\nslut");
  CHECK(text_of(paragraph() + "<table><tr><th>namn<th>pris</tr><tr><td>äpple<td><p>5 kr</p></tr></table>") ==
        std::string(kParagraph) + "\nnamn\tpris\näpple\t5 kr");
  CHECK(text_of(paragraph() + "<table><tr><td><p>ett</p><p>två</p></td><td>tre</td></tr></table>") ==
        std::string(kParagraph) + "\nett\ntvå\ntre");
  CHECK(text_of("rad ett<br>rad två, som är litet längre än den första raden var") ==
        "rad ett\nrad två, som är litet längre än den första raden var");
  CHECK(text_of("<dl><dt>ord</dt><dd>" + std::string(kParagraph) + "</dd></dl>") ==
        std::string("ord\n") + kParagraph);
}

TEST_CASE("white space is folded, but not in preformatted text") {
  CHECK(text_of("<p>  en\n mening&nbsp;med \t luft, " + std::string(kParagraph) + "  </p>") ==
        std::string("en mening med luft, ") + kParagraph);
  CHECK(text_of(paragraph() + "<pre>\nif a:\n    b()\n\n</pre>" + paragraph()) ==
        std::string(kParagraph) + "\nif a:\n    b()\n" + kParagraph);
  CHECK(text_of("<p>mjuk&shy;delning och noll&#8203;bredd " + std::string(kParagraph)) ==
        std::string("mjukdelning och nollbredd ") + kParagraph);
}

TEST_CASE("entities and inline elements") {
  CHECK(text_of("<p>&Auml;pplen &amp; p&#228;ron &lt;b&gt; k&ouml;ps <b>f&ouml;r</b>tj<i>ä</i>nt, " +
                std::string(kParagraph)) == std::string("Äpplen & päron <b> köps förtjänt, ") + kParagraph);
  CHECK(text_of("<p>" + std::string(kParagraph) + "&#xD800;&#0;</p>").starts_with(kParagraph));
}

TEST_CASE("what is no text of the page goes") {
  const std::string expected = std::string(kParagraph) + "\n" + kParagraph;
  for (const std::string& extra : std::vector<std::string>
       {"<script>var a = 'en lång rad som ser ut som text men inte är det';</script>",
        "<style>p { color: red; background: white; font-family: serif }</style>",
        "<nav><a href=a>Start</a> <a href=b>Om oss</a> <a href=c>Kontakt</a></nav>",
        "<footer>Alla rättigheter förbehållna av den som har skrivit sidan</footer>",
        "<aside>Något vid sidan om, som inte hör till texten på sidan</aside>",
        "<form><label>Namn</label><input name=n><button>Skicka in formuläret</button></form>",
        "<div class='social-share'>Dela den här sidan med alla som du känner</div>",
        "<div id=cookieBanner>Vi använder kakor för att sidan ska fungera bra</div>",
        "<div class=related><ul><li><a href=x>En annan artikel</a><li><a href=y>Ännu en annan</a></ul></div>",
        "<ul><li><a href=x>En annan artikel</a><li><a href=y>Ännu en annan</a></ul>",
        "<div style='display: none'>Detta syns inte för den som läser sidan</div>",
        "<div hidden>Detta syns inte heller för den som läser sidan</div>",
        "<svg><text>En bild med text som inte är text</text></svg>", "<!-- en kommentar -->",
        "<template><p>En mall som ingen ser förrän den används</p></template>"}) {
    CAPTURE(extra);
    CHECK(text_of("<article>" + paragraph() + extra + paragraph() + "</article>") == expected);
  }
}

TEST_CASE("the main text is found between columns") {
  std::string menu, article;
  for (int i = 0; i < 30; ++i)
    menu += "<li><a href='/" + std::to_string(i) + "'>Val nummer " + std::to_string(i) + "</a></li>";
  for (int i = 0; i < 5; ++i) article += paragraph("Stycke " + std::to_string(i) + ". " + kParagraph);
  const auto text =
      text_of("<div><ul>" + menu + "</ul></div><div>" + article + "</div><div><ul>" + menu + "</ul></div>");
  CHECK(text.starts_with("Stycke 0."));
  CHECK(text.find("Val nummer") == std::string::npos);
  CHECK(text.find("Stycke 4.") != std::string::npos);
}

TEST_CASE("readers' comments are not the page's text") {
  const auto text = text_of("<div>" + paragraph() + paragraph() + "</div><div class=comments>" +
                            paragraph("Jag håller inte alls med om det som står där uppe.") + "</div>");
  CHECK(text == std::string(kParagraph) + "\n" + kParagraph);
}

TEST_CASE("a name that speaks of boilerplate around all of the text is believed to be mistaken") {
  CHECK(text_of("<div class='page-with-sidebar'><div class=share>" + paragraph() + paragraph() +
                "</div></div>") == std::string(kParagraph) + "\n" + kParagraph);
}

TEST_CASE("short pages and fragments keep what they have") {
  CHECK(text_of("<p>Kort.</p>") == "Kort.");
  CHECK(extract_page("bara text utan en enda tagg, men ändå en mening").text ==
        "bara text utan en enda tagg, men ändå en mening");
  CHECK(extract_page("").text.empty());
  CHECK(extract_page("<html><head><title>x</title></head><body></body></html>").text.empty());
  CHECK(text_of("<h1>Rubrik utan text</h1>").empty());
}

TEST_CASE("scripts without spaces between words count by their letters") {
  const std::string japanese =
      "湖は一年に二度、自分で水をかき混ぜます。春に氷が解けると、水面から底まで同じ温度になるからです。";
  CHECK(text_of("<div><p>" + japanese +
                "</p></div><div><ul><li><a href=a>次へ</a></li><li><a href=b>前へ</a></li></ul></div>") ==
        japanese);
}

TEST_CASE("title, language, base, canonical") {
  const auto page = extract_page(
      "<html lang=sv-SE><head><title> En\n titel &amp; mer </title><base href='/b/'>"
      "<link rel='alternate canonical' "
      "href='https://example.org/c'></head><body><h1>Rubrik</h1></body></html>");
  CHECK(page.title == "En titel & mer");
  CHECK(page.lang == "sv-SE");
  CHECK(page.base == "/b/");
  CHECK(page.canonical == "https://example.org/c");
  CHECK(extract_page("<h1>Bara <i>en</i> rubrik</h1><p>text").title == "Bara en rubrik");
  CHECK(extract_page("<title></title><p>text").title.empty());
  CHECK(extract_page("<p>text").lang.empty());
  const auto address = Url::parse("https://example.org/x/y");
  REQUIRE(address);
  CHECK(base_of_page(page, *address).text() == "https://example.org/b/");
  CHECK(base_of_page(extract_page("<p>x"), *address).text() == "https://example.org/x/y");
  CHECK(base_of_page(extract_page("<base href='mailto:x'>"), *address).text() == "https://example.org/x/y");
}

TEST_CASE("links in document order, with what they say about following") {
  const auto page = extract_page(
      "<a href=one>1</a><a>no address</a><a rel='noopener NoFollow' href=two>2</a><map><area "
      "href=three></map><a href=''>self</a>");
  REQUIRE(page.links.size() == 4);
  CHECK(page.links[0].reference == "one");
  CHECK_FALSE(page.links[0].nofollow);
  CHECK(page.links[1].nofollow);
  CHECK(page.links[2].reference == "three");
  CHECK(page.links[3].reference.empty());
}

TEST_CASE("robots directives") {
  CHECK(parse_robots_directives("noindex, nofollow").noindex);
  CHECK(parse_robots_directives("NOINDEX,NOFOLLOW").nofollow);
  CHECK(parse_robots_directives("none").noindex);
  CHECK(parse_robots_directives("none").nofollow);
  CHECK_FALSE(parse_robots_directives("index, follow, max-snippet:-1").noindex);
  CHECK_FALSE(parse_robots_directives("noindexing").noindex);
  CHECK(extract_page("<meta name=Robots content='noindex'>").robots.noindex);
  CHECK(extract_page("<meta name='gpt-crawl' content='nofollow'>").robots.nofollow);
  CHECK_FALSE(extract_page("<meta name='otherbot' content='noindex'>").robots.noindex);
}

TEST_CASE("hints in class and id are whole words") {
  CHECK(hint_of_names("sidebar") == Hint::boilerplate);
  CHECK(hint_of_names("leftSideBar2") == Hint::boilerplate);
  CHECK(hint_of_names("post-comments") == Hint::comments);
  CHECK(hint_of_names("entry-content share") == Hint::content);
  CHECK(hint_of_names("embedded") == Hint::none);
  CHECK(hint_of_names("download readable") == Hint::none);
  CHECK(hint_of_names("5OD32YYVZVEANA6LYYHTO5XX7A") == Hint::none);
  CHECK(hint_of_names("") == Hint::none);
}
