// Readers of what comes over a connection that anybody may open: the ranks' letters, and lists of hosts.
#include <stdexcept>

#include "libgpt/comm/launch.hpp"
#include "libgpt/comm/tcp/host_list.hpp"
#include "libgpt/comm/tcp/letter.hpp"
#include "tests/fuzz/targets.hpp"

namespace gpt::fuzz {
namespace {

using comm::Letter;

const comm::Hello kHello{4, 2, 40123, "job 17.3 start ", "node03"};
const std::vector<comm::Whereabouts> kTable = {
    {"", 0, "node03"}, {"10.0.0.7", 40124, "node04"}, {"fd00::1", 40125, ""}};

// What is accepted can be written again, byte for byte.
void check_body(const Letter& letter) {
  const bool is_hello = letter.kind == Letter::Kind::hello;
  if (!is_hello && letter.kind != Letter::Kind::table) return;
  const std::string again = is_hello ? encode_body(comm::parse_hello_or_throw(letter.body))
                                     : encode_body(comm::parse_table_or_throw(letter.body));
  if (again != letter.body) throw std::logic_error("a letter was read as another");
}

Target letters() {
  return {"letters",
          {encode(Letter{Letter::Kind::hello, encode_body(kHello)}),
           encode(Letter{Letter::Kind::table, encode_body(kTable)}),
           encode(Letter{Letter::Kind::refusal, "rank 2 was started twice"}),
           encode(Letter{Letter::Kind::ready, ""})},
          {"gptranks", std::string(4, '\0'), std::string(4, '\xff'), std::string("\1\0\0\0", 4), "node"},
          [](const std::string& bytes) {
            if (bytes.size() < comm::kLetterHead) return false;
            try {
              const auto head = comm::parse_letter_head_or_throw(
                  std::span<const char, comm::kLetterHead>(bytes.data(), comm::kLetterHead),
                  comm::kMostHelloBytes);
              if (bytes.size() - comm::kLetterHead < head.length) return false;
              check_body({head.kind, bytes.substr(comm::kLetterHead, head.length)});
            } catch (const comm::ForeignBytes&) {
              return false;
            }
            return true;
          }};
}

Target host_lists() {
  return {"host_lists",
          {"node[01-04,07],other3", "r[1-2]n[8-11]-ib", "n[098-101]", "a,b,c"},
          {"[", "]", ",", "-", "[1-2]", "[0-99999999]", "18446744073709551615", "000000000000000"},
          [](const std::string& bytes) {
            try {
              const auto hosts = comm::expand_host_list_or_throw(bytes, 1000);
              if (hosts.empty() || hosts.size() > 1000) throw std::logic_error("hosts out of nothing");
            } catch (const comm::LaunchError&) {
              return false;
            }
            return true;
          }};
}

}  // namespace

std::vector<Target> all_targets() { return {letters(), host_lists()}; }

}  // namespace gpt::fuzz
