#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace gpt::crawl {

// A web address in its one normal spelling (RFC 3986, 6): scheme and host in lower case, international names
// in their ASCII form, no default port, no dot segments, percent-encoding normalised, no fragment, no user
// name.
class Url {
 public:
  // text: an absolute address, or with a base one relative to it, as found in an href (surrounding blanks and
  // line breaks inside are dropped). Empty when it is no http or https address.
  static std::optional<Url> parse(std::string_view text, const Url* base = nullptr);

  const std::string& text() const { return text_; }
  // "https://example.org:8080": what a robots.txt speaks for.
  std::string origin() const { return text_.substr(0, path_begin_); }
  // "example.org:8080": whom requests are counted for, so that they keep their distance.
  std::string host() const { return text_.substr(host_begin_, path_begin_ - host_begin_); }
  // host() without a leading "www.": two addresses of one site have the same.
  std::string site() const;
  // "/a/b?c=d"
  std::string target() const { return text_.substr(path_begin_); }

  bool operator==(const Url& other) const { return text_ == other.text_; }

 private:
  std::string text_;
  std::size_t host_begin_ = 0;
  std::size_t path_begin_ = 0;
};

}  // namespace gpt::crawl
