#pragma once

#include <string>
#include <string_view>

namespace gpt::crawl {

struct DecodedText {
  std::string utf8;      // valid; what could not be read is U+FFFD
  std::string encoding;  // its name in lower case ("windows-1252")
};

// A page's bytes as UTF-8. Its encoding is taken from the byte order mark, the charset of content_type (the
// HTTP header's value; may be empty), the first <meta> that declares one, else from the bytes: UTF-8 if they
// are valid, else what ICU detects, else windows-1252. As on the web, "iso-8859-1" means windows-1252. Two
// declarations are known to be wrong too often to be believed: UTF-8 for bytes that are none, and a
// single-byte encoding for bytes that are valid UTF-8 beyond ASCII.
DecodedText decode_page(std::string_view bytes, std::string_view content_type);

// The charset parameter of a Content-Type, in lower case; empty where there is none.
std::string charset_of_content_type(std::string_view content_type);

// The encoding declared by a <meta> element within the first bytes of a page; empty where there is none.
std::string charset_of_meta(std::string_view bytes);

}  // namespace gpt::crawl
