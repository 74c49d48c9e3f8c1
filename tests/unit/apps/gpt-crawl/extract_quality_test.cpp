#include <algorithm>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <simdjson.h>
#include <unicode/uchar.h>

#include "apps/gpt-crawl/extract/page.hpp"
#include "libcommon/io/byte_source.hpp"
#include "libcommon/text/utf8.hpp"

namespace {

using Shingles = std::map<std::vector<std::string>, int>;

// Words as Python's \w+ finds them.
std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  gpt::text::for_each_code_point(text, [&](char32_t point, std::size_t begin, std::size_t length) {
    if (u_isalnum(static_cast<UChar32>(point)) != 0 || point == '_')
      word += text.substr(begin, length);
    else if (!word.empty())
      words.push_back(std::exchange(word, {}));
  });
  if (!word.empty()) words.push_back(word);
  return words;
}

Shingles shingles_of(std::string_view text) {
  const auto words = words_of(text);
  const std::size_t length = std::max<std::size_t>(1, std::min<std::size_t>(4, words.size()));
  Shingles shingles;
  for (std::size_t i = 0; i + length <= words.size(); ++i)
    ++shingles[{words.begin() + static_cast<std::ptrdiff_t>(i),
                words.begin() + static_cast<std::ptrdiff_t>(i + length)}];
  return shingles;
}

double f1_of(std::string_view wanted_text, std::string_view got_text) {
  const auto wanted = shingles_of(wanted_text), got = shingles_of(got_text);
  double shared = 0, all = 0;
  for (const auto& [shingle, count] : wanted) {
    all += count;
    const auto found = got.find(shingle);
    if (found != got.end()) shared += std::min(count, found->second);
  }
  for (const auto& [shingle, count] : got) all += count;
  return all == 0 ? 1 : 2 * shared / all;
}

}  // namespace

TEST_CASE("the main text of article pages is found") {
  const char* data = std::getenv("GPT_TEST_DATA");
  if (data == nullptr) {
    MESSAGE("GPT_TEST_DATA is unset: the quality of extraction is not measured");
    return;
  }
  const std::string folder = std::string(data) + "/articles/";
  simdjson::dom::parser parser;
  const auto json = gpt::io::read_file_or_throw(folder + "ground-truth.json");
  const simdjson::dom::object truth = parser.parse(json);
  double sum = 0;
  int pages = 0;
  for (const auto [id, page] : truth) {
    const auto html = gpt::io::read_file_or_throw(folder + "html/" + std::string(id) + ".html.gz");
    const std::string_view wanted = page["articleBody"];
    sum += f1_of(wanted, gpt::crawl::extract_page(html).text);
    ++pages;
  }
  REQUIRE(pages > 50);
  MESSAGE("mean F1 of four-word shingles over ", pages, " pages: ", sum / pages);
  CHECK(sum / pages > 0.95);  // 0.968 when this was written
}
