#include "apps/gpt-dedup/pair_list.hpp"

#include <algorithm>
#include <tuple>

#include "libcommon/io/json_text.hpp"

namespace gpt::dedup {
namespace {

void append_place(std::string& out, const Place& place, const std::vector<std::string>& files) {
  const std::string& file = files[place.file];
  out += "{\"file\":" + io::json_string(file == "-" ? "stdin" : file) +
         ",\"line\":" + std::to_string(place.line) + "}";
}

}  // namespace

std::string pair_line(const Pair& pair, const Catalogue& catalogue, const std::vector<std::string>& files) {
  std::string line = "{\"first\":";
  append_place(line, catalogue.place(pair.first), files);
  line += ",\"second\":";
  append_place(line, catalogue.place(pair.second), files);
  if (pair.jaccard) line += ",\"jaccard\":" + io::json_number(*pair.jaccard);
  line += pair.minhash ? ",\"minhash\":" + io::json_number(*pair.minhash) : ",\"equal\":true";
  return line + "}\n";
}

void sort_pairs(std::vector<Pair>& pairs) {
  std::sort(pairs.begin(), pairs.end(), [](const Pair& a, const Pair& b) {
    return std::tie(a.first, a.second) < std::tie(b.first, b.second);
  });
}

}  // namespace gpt::dedup
