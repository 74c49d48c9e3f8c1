#include "apps/gpt-crawl/page_record.hpp"

#include <ctime>

#include "libcommon/io/json_text.hpp"

namespace gpt::crawl {

void append_page_record(std::string& out, const Page& page, const PageOrigin& origin) {
  append_page_record_with(out, page, origin, {});
}

void append_page_record_with(std::string& out, const Page& page, const PageOrigin& origin,
                             std::string_view extra) {
  out += "{\"url\":";
  io::append_json_string(out, origin.url);
  out += ",\"title\":";
  io::append_json_string(out, page.title);
  out += ",\"text\":";
  io::append_json_string(out, page.text);
  out += ",\"lang\":";
  if (page.lang.empty())
    out += "null";
  else
    io::append_json_string(out, page.lang);
  out += ",\"fetched_at\":";
  if (origin.fetched_at)
    io::append_json_string(out, *origin.fetched_at);
  else
    out += "null";
  out += ",\"status\":" + (origin.status ? std::to_string(*origin.status) : "null");
  if (!extra.empty()) {
    out += ',';
    out += extra;
  }
  out += "}\n";
}

std::string utc_now() {
  const std::time_t now = std::time(nullptr);
  std::tm parts = {};
  gmtime_r(&now, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

}  // namespace gpt::crawl
