#pragma once

#include <string>
#include <string_view>

namespace gpt::crawl {

// Path or query in one spelling (RFC 3986, 6.2.2): %XX of unreserved characters decoded, the digits of the
// others in capitals; spaces, control characters, quotes and bytes outside ASCII encoded. A '%' that starts
// no escape becomes %25.
std::string normalised_percent_encoding(std::string_view text);

}  // namespace gpt::crawl
