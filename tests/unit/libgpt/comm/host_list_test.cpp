#include "libgpt/comm/tcp/host_list.hpp"

#include <doctest/doctest.h>

#include "libgpt/comm/launch.hpp"

using namespace gpt;
using Hosts = std::vector<std::string>;

TEST_CASE("a list of hosts as Slurm writes it") {
  const auto hosts = [](const char* list) { return comm::expand_host_list_or_throw(list); };
  CHECK(hosts("n1") == Hosts{"n1"});
  CHECK(hosts("node[01-04,07],other3") == Hosts{"node01", "node02", "node03", "node04", "node07", "other3"});
  CHECK(hosts("a,b,c") == Hosts{"a", "b", "c"});
  CHECK(hosts("r[1-2]n[8-11]-ib") ==
        Hosts{"r1n8-ib", "r1n9-ib", "r1n10-ib", "r1n11-ib", "r2n8-ib", "r2n9-ib", "r2n10-ib", "r2n11-ib"});
  CHECK(hosts("n[098-101]") == Hosts{"n098", "n099", "n100", "n101"});
  CHECK(hosts("n[5]") == Hosts{"n5"});
}

TEST_CASE("as many hosts as are asked for") {
  CHECK(comm::expand_host_list_or_throw("node[0001-9999],x", 2) == Hosts{"node0001", "node0002"});
  CHECK(comm::expand_host_list_or_throw("n[1-999999999]m[1-999999999]", 1) == Hosts{"n1m1"});
}

TEST_CASE("a list that cannot be read is refused") {
  for (const char* list : {"", ",", "a,", ",a", "a,,b", "n[1-", "n[1", "n]", "n[]", "n[1-2", "n[2-1]", "n[a]",
                           "n[1-]", "n[-1]", "n[1,]", "n[[1]]", "n[1-2-3]", "n[1-99999999999999999999]"}) {
    CAPTURE(list);
    CHECK_THROWS_AS(comm::expand_host_list_or_throw(list), comm::LaunchError);
  }
}
