// What only MPI has: counts that one call cannot pass, and its own reductions beside those by messages.
#include <vector>

#include <doctest/doctest.h>
#include <mpi.h>

#include "libgpt/comm/mpi/mpi_communicator.hpp"
#include "tests/dist/comm/check_collectives.hpp"
#include "tests/dist/comm/check_messages.hpp"
#include "tests/dist/dist_world.hpp"

using namespace gpt;
using test::check_both_directions;
using test::check_collectives;
using test::world;

namespace {

// The same tests are run over TCP, and by one process.
bool is_over_mpi() {
  int initialised = 0;
  MPI_Initialized(&initialised);
  return initialised != 0 && world().size() > 1;
}

}  // namespace

TEST_CASE("a count beyond what one call passes goes in pieces, with the same result") {
  if (!is_over_mpi()) return;
  comm::MpiCommunicator pieces(MPI_COMM_WORLD, comm::MpiCommunicator::Handle::borrowed, "pieces",
                               {.largest_count = 300});
  for (const std::size_t count : {299, 300, 301, 1000}) {
    CAPTURE(count);
    check_collectives<float>(pieces, count);
    check_collectives<std::int64_t>(pieces, count);
  }
  // large enough for direct reductions
  comm::MpiCommunicator large_pieces(MPI_COMM_WORLD, comm::MpiCommunicator::Handle::borrowed, "large",
                                     {.largest_count = 3000});
  check_collectives<float>(large_pieces, 100'003);
}

TEST_CASE("groups of more ranks than messages between every two are for reduce as MPI does") {
  if (!is_over_mpi()) return;
  const comm::MpiLimits limits{.most_direct_ranks = world().size() - 1};
  comm::MpiCommunicator many(MPI_COMM_WORLD, comm::MpiCommunicator::Handle::borrowed, "many", limits);
  check_collectives<float>(many, 100'003);
  check_collectives<std::int64_t>(many, 100'003);
}

TEST_CASE("a message in pieces arrives whole") {
  if (!is_over_mpi()) return;
  comm::MpiCommunicator pieces(MPI_COMM_WORLD, comm::MpiCommunicator::Handle::borrowed, "pieces",
                               {.largest_count = 64});
  check_both_directions(pieces, 1000);
}
