#include "libgpt/comm/mpi/direct_reduction.hpp"

#include <algorithm>

#include "libgpt/comm/combine.hpp"

namespace gpt::comm {
namespace {

// A piece that has just been received is added while the cache holds it; a shard is not cut into so many that
// their requests would count.
constexpr std::size_t kSmallestPieceBytes = std::size_t{256} << 10;
constexpr std::size_t kMostPieces = 64;

std::vector<DirectReduction*>& under_way() {
  static std::vector<DirectReduction*> reductions;
  return reductions;
}

std::byte* at(const Buffer& buffer, std::size_t element) {
  return static_cast<std::byte*>(buffer.data) + element * tensor::size_in_bytes(buffer.type);
}
const std::byte* at(const ConstBuffer& buffer, std::size_t element) {
  return static_cast<const std::byte*>(buffer.data) + element * tensor::size_in_bytes(buffer.type);
}

}  // namespace

void advance_direct_reductions() {
  for (DirectReduction* reduction : under_way()) reduction->advance();
}

bool any_direct_reduction() { return !under_way().empty(); }

DirectReduction::DirectReduction(Plan plan, const MessageLabel& label)
    : plan_(std::move(plan)), label_(label), element_bytes_(tensor::size_in_bytes(plan_.source.type)) {
  const auto ranks = static_cast<std::size_t>(label_.size);
  const std::size_t longest = (plan_.source.count + ranks - 1) / ranks;
  piece_ = std::min({std::max(kSmallestPieceBytes / element_bytes_, longest / kMostPieces + 1), longest,
                     plan_.largest_count});
  const std::size_t pieces = (shard_length(label_.rank) + piece_ - 1) / piece_;
  steps_ = pieces * (ranks - 1);
  slots_ = std::make_unique<std::byte[]>(kSlots * piece_ * element_bytes_);
  receives_.assign(kSlots, MPI_REQUEST_NULL);
  sends_.resize(ranks);
  receives_sum_.assign(ranks, false);
  while (posted_ < std::min(kSlots, steps_)) post_receive(posted_);
  send_pieces();
  under_way().push_back(this);
}

DirectReduction::~DirectReduction() {
  std::erase(under_way(), this);
  if (!complete_) slots_.release();  // given up: MPI may still write to them
}

std::size_t DirectReduction::shard_length(int rank) const {
  const auto index = static_cast<std::size_t>(rank);
  return plan_.shard_starts[index + 1] - plan_.shard_starts[index];
}

// Steps go through the others' pieces with the same number first, from the next rank on.
int DirectReduction::peer(std::size_t step) const {
  const auto others = static_cast<std::size_t>(label_.size - 1);
  return (label_.rank + 1 + static_cast<int>(step % others)) % label_.size;
}

std::size_t DirectReduction::first_of_piece(std::size_t step) const {
  return step / static_cast<std::size_t>(label_.size - 1) * piece_;
}

std::size_t DirectReduction::piece_length(std::size_t step) const {
  return std::min(piece_, shard_length(label_.rank) - first_of_piece(step));
}

// In the order in which the receivers add them: everybody's first piece, from the previous rank back.
void DirectReduction::send_pieces() {
  for (std::size_t first = 0; true; first += piece_) {
    bool any = false;
    for (int back = 1; back < label_.size; ++back) {
      const int to = (label_.rank - back + label_.size) % label_.size;
      if (first >= shard_length(to)) continue;
      any = true;
      const auto index = static_cast<std::size_t>(to);
      const auto count = static_cast<int>(std::min(piece_, shard_length(to) - first));
      MPI_Request& request = sends_[index].emplace_back(MPI_REQUEST_NULL);
      check_mpi_or_throw(MPI_Isend(at(plan_.source, plan_.shard_starts[index] + first), count, plan_.type, to,
                                   plan_.tag, plan_.handle, &request),
                         label_);
    }
    if (!any) return;
  }
}

void DirectReduction::post_receive(std::size_t step) {
  const std::size_t slot = step % kSlots;
  check_mpi_or_throw(
      MPI_Irecv(slots_.get() + slot * piece_ * element_bytes_, static_cast<int>(piece_length(step)),
                plan_.type, peer(step), plan_.tag, plan_.handle, &receives_[slot]),
      label_);
  ++posted_;
}

bool DirectReduction::add_next_piece() {
  if (added_ == steps_) return false;
  const std::size_t slot = added_ % kSlots;
  int arrived = 0;
  check_mpi_or_throw(MPI_Test(&receives_[slot], &arrived, MPI_STATUS_IGNORE), label_);
  if (!arrived) return false;
  const std::size_t first = first_of_piece(added_);
  void* sum = at(plan_.target, first);
  const bool is_first_addition = added_ % static_cast<std::size_t>(label_.size - 1) == 0;
  const auto own_shard = plan_.shard_starts[static_cast<std::size_t>(label_.rank)];
  const void* so_far = is_first_addition ? at(plan_.source, own_shard + first) : sum;
  combine(plan_.source.type, plan_.reduction, so_far, slots_.get() + slot * piece_ * element_bytes_, sum,
          piece_length(added_));
  ++added_;
  if (posted_ < steps_) post_receive(posted_);
  return true;
}

bool DirectReduction::is_complete(std::vector<MPI_Request>& requests) const {
  int complete = 0;
  check_mpi_or_throw(
      MPI_Testall(static_cast<int>(requests.size()), requests.data(), &complete, MPI_STATUSES_IGNORE),
      label_);
  return complete != 0;
}

// The sum of this rank's shard goes to all; that of another is received once its own numbers have left their
// place.
void DirectReduction::gather() {
  const auto in_messages = [&](int rank, const auto& start) {
    for (std::size_t first = 0; first < shard_length(rank); first += plan_.largest_count) {
      const auto count = static_cast<int>(std::min(plan_.largest_count, shard_length(rank) - first));
      std::byte* place = at(plan_.gathered, plan_.shard_starts[static_cast<std::size_t>(rank)] + first);
      check_mpi_or_throw(start(place, count, &sums_.emplace_back(MPI_REQUEST_NULL)), label_);
    }
  };
  for (int forward = 1; forward < label_.size; ++forward) {
    const int from = (label_.rank + forward) % label_.size;
    const auto index = static_cast<std::size_t>(from);
    if (receives_sum_[index] || !is_complete(sends_[index])) continue;
    receives_sum_[index] = true;
    in_messages(from, [&](std::byte* place, int count, MPI_Request* request) {
      return MPI_Irecv(place, count, plan_.type, from, plan_.tag + 1, plan_.handle, request);
    });
  }
  if (sends_sum_ || added_ < steps_) return;
  sends_sum_ = true;
  for (int back = 1; back < label_.size; ++back) {
    const int to = (label_.rank - back + label_.size) % label_.size;
    in_messages(label_.rank, [&](std::byte* place, int count, MPI_Request* request) {
      return MPI_Isend(place, count, plan_.type, to, plan_.tag + 1, plan_.handle, request);
    });
  }
}

void DirectReduction::advance() {
  if (complete_) return;
  while (add_next_piece()) {
  }
  if (plan_.gathered.count > 0) {
    gather();
    const auto others = static_cast<std::ptrdiff_t>(label_.size - 1);
    if (!sends_sum_ || std::count(receives_sum_.begin(), receives_sum_.end(), true) < others) return;
    complete_ = is_complete(sums_);
  } else if (added_ == steps_) {
    complete_ =
        std::all_of(sends_.begin(), sends_.end(), [&](auto& requests) { return is_complete(requests); });
  }
}

void DirectReduction::wait() {
  while (!complete_) advance_direct_reductions();
}

bool DirectReduction::test() {
  advance_direct_reductions();
  return complete_;
}

}  // namespace gpt::comm
