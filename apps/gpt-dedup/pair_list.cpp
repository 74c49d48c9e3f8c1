#include "apps/gpt-dedup/pair_list.hpp"

#include <algorithm>
#include <tuple>

#include "libcommon/io/json_text.hpp"

namespace gpt::dedup {

void append_place(std::string& out, const Place& place, const std::vector<std::string>& files) {
  const std::string& file = files[place.file];
  out += "{\"file\":" + io::json_string(file == "-" ? "stdin" : file) +
         ",\"line\":" + std::to_string(place.line) + "}";
}

void append_similarities(std::string& out, const Pair& pair) {
  if (pair.cosine) {
    out += ",\"cosine\":" + io::json_number(*pair.cosine);
    return;
  }
  if (pair.jaccard) out += ",\"jaccard\":" + io::json_number(*pair.jaccard);
  out += pair.signature ? ",\"signature\":" + io::json_number(*pair.signature) : ",\"equal\":true";
}

std::string pair_line(const Pair& pair, const Places& places, const std::vector<std::string>& files) {
  std::string line = "{\"first\":";
  append_place(line, places.place(pair.first), files);
  line += ",\"second\":";
  append_place(line, places.place(pair.second), files);
  append_similarities(line, pair);
  return line + "}\n";
}

bool stands_before(const Pair& a, const Pair& b) {
  return std::tie(a.first, a.second) < std::tie(b.first, b.second);
}

void sort_pairs(std::vector<Pair>& pairs) { std::sort(pairs.begin(), pairs.end(), stands_before); }

}  // namespace gpt::dedup
