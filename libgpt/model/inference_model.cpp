#include "libgpt/model/inference_model.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

#include "libcommon/cli/stop_signals.hpp"
#include "libgpt/model/batch_check.hpp"
#include "libgpt/model/tensor_part.hpp"

namespace gpt::model {
namespace {

constexpr int kLogitsTag = 1;
// A batch with long prompts passes through the stages of a pipeline in pieces, so that all of them have work:
// with four a stage the first and last stand still for a fifth of the time at most. Fewer tokens a piece
// would be computed less efficiently.
constexpr std::int64_t kPiecesAStage = 4;
constexpr std::int64_t kTokensAPiece = 128;
// More at once are computed no more efficiently, and would take memory for what lies between the layers.
constexpr std::int64_t kMostTokensAPiece = 16384;

}  // namespace

InferenceModel::InferenceModel(InferencePart& part, const comm::ParallelGroups& groups,
                               std::function<bool()> stop_requested)
    : part_(part), groups_(groups), stop_requested_(std::move(stop_requested)) {
  if (groups.layout.data == 1) return;
  throw ConfigError("a model is generated with on tensor times pipeline ranks: " +
                    std::to_string(groups.layout.data) + " copies of it have nothing to share out");
}

InferenceModel::Header InferenceModel::exchange(Request request, std::int64_t a, std::int64_t b,
                                                std::int64_t c, std::int64_t d) {
  Header header{stop_requested_() ? 1 : 0, static_cast<std::int64_t>(request), {a, b, c, d}};
  // Only rank 0 gives anything but zeros, and its vote.
  if (shared()) {
    std::int64_t numbers[] = {header.stop, header.request, a, b, c, d};
    groups_.world->all_reduce(std::span<std::int64_t>(numbers), comm::Reduction::max);
    header = {numbers[0], numbers[1], {numbers[2], numbers[3], numbers[4], numbers[5]}};
  }
  ended_ = header.stop != 0 || header.request == static_cast<std::int64_t>(Request::end);
  if (header.stop != 0 && header.request != static_cast<std::int64_t>(Request::end)) {
    throw cli::StoppedOnRequest{};
  }
  return header;
}

void InferenceModel::pass_around(std::vector<std::int32_t>& numbers) {
  if (shared()) groups_.world->broadcast(std::span<std::int32_t>(numbers), 0);
}

void InferenceModel::make_cache(std::int64_t slots) {
  const std::int64_t capacity = config().shape.positions;
  exchange(Request::make_cache, slots, capacity);
  part_.make_cache(slots, capacity);
  lengths_ = {slots, capacity};
}

std::span<const float> InferenceModel::forward(const InferenceBatch& batch) {
  check_indices_or_throw("token", batch.tokens, config().shape.vocabulary);
  const PlacedBatch placed = lengths_.place_or_throw(batch, positions_);
  if (batch.tokens.empty()) return {};
  exchange(Request::forward, std::ssize(batch.tokens), std::ssize(batch.wanted), placed.most_rows,
           placed.most_keys);
  if (shared()) {
    numbers_.clear();
    for (const auto& part : {placed.tokens, placed.slots, placed.positions, placed.wanted}) {
      numbers_.insert(numbers_.end(), part.begin(), part.end());
    }
    pass_around(numbers_);
  }
  const auto logits = forward_placed(placed);
  lengths_.append(placed);
  return logits;
}

void InferenceModel::serve_forward(const Header& header) {
  const auto rows = static_cast<std::size_t>(header.counts[0]);
  const auto wanted = static_cast<std::size_t>(header.counts[1]);
  numbers_.resize(3 * rows + wanted);
  pass_around(numbers_);
  const auto all = std::span<const std::int32_t>(numbers_);
  PlacedBatch batch;
  batch.tokens = all.first(rows);
  batch.slots = all.subspan(rows, rows);
  batch.positions = all.subspan(2 * rows, rows);
  batch.wanted = all.subspan(3 * rows);
  batch.most_rows = header.counts[2];
  batch.most_keys = header.counts[3];
  forward_placed(batch);
}

std::span<const float> InferenceModel::forward_placed(const PlacedBatch& batch) {
  const std::int64_t stages = groups_.layout.pipeline;
  const PieceSizes sizes{stages == 1 ? 1 : kPiecesAStage * stages, kTokensAPiece, kMostTokensAPiece};
  const auto pieces = pieces_of(batch, sizes, wanted_);
  if (pieces.size() == 1) {
    const auto logits = part_.forward(batch);
    return shared() ? gathered_logits(batch.wanted.size(), logits) : logits;
  }
  own_.clear();
  for (const PlacedBatch& piece : pieces) {
    const auto logits = part_.forward(piece);
    own_.insert(own_.end(), logits.begin(), logits.end());
  }
  return shared() ? gathered_logits(batch.wanted.size(), own_) : own_;
}

// Each rank of the last stage sends rank 0 the logits of its share of the vocabulary.
std::span<const float> InferenceModel::gathered_logits(std::size_t wanted, std::span<const float> own) {
  comm::Communicator& world = *groups_.world;
  if (world.rank() != 0) {
    if (!own.empty()) world.send(own, 0, kLogitsTag);
    return {};
  }
  const auto vocabulary = static_cast<std::size_t>(config().shape.vocabulary);
  const auto first_rank = static_cast<int>((groups_.layout.pipeline - 1) * groups_.layout.tensor);
  logits_.resize(wanted * vocabulary);
  if (wanted == 0) return logits_;
  for (std::int64_t t = 0; t < groups_.layout.tensor; ++t) {
    const Share part = share_of(config().shape.vocabulary, groups_.layout.tensor, t);
    const auto width = static_cast<std::size_t>(part.count());
    std::span<const float> share = own;
    if (const int from = first_rank + static_cast<int>(t); from != 0) {
      share_.resize(wanted * width);
      world.receive(std::span<float>(share_), from, kLogitsTag);
      share = share_;
    }
    for (std::size_t row = 0; row < wanted; ++row) {
      const auto begin = share.begin() + static_cast<std::ptrdiff_t>(row * width);
      std::copy_n(begin, width, logits_.begin() + static_cast<std::ptrdiff_t>(row * vocabulary) + part.begin);
    }
  }
  return logits_;
}

double InferenceModel::loss(std::span<const std::int32_t> tokens, std::int64_t first) {
  check_indices_or_throw("token", tokens, config().shape.vocabulary);
  const std::int64_t length = std::ssize(tokens) - 1;
  if (length < 1 || length > config().shape.positions || first < 0 || first >= length) {
    throw std::invalid_argument("a window of " + std::to_string(length) + " tokens, scored from " +
                                std::to_string(first) + " on");
  }
  exchange(Request::loss, length, first);
  if (shared()) {
    numbers_.assign(tokens.begin(), tokens.end());
    pass_around(numbers_);
  }
  return loss_of_window(tokens, first);
}

void InferenceModel::serve_loss(const Header& header) {
  numbers_.resize(static_cast<std::size_t>(header.counts[0]) + 1);
  pass_around(numbers_);
  loss_of_window(numbers_, header.counts[1]);
}

double InferenceModel::loss_of_window(std::span<const std::int32_t> tokens, std::int64_t first) {
  MicroBatch window;
  window.sequences = 1;
  window.length = std::ssize(tokens) - 1;
  window.tokens = tokens.first(tokens.size() - 1);
  window.targets = tokens.subspan(1);
  std::vector<float> mask(window.tokens.size(), 1.0F);
  std::fill_n(mask.begin(), first, 0.0F);
  window.loss_mask = mask;
  const double loss = part_.loss(window);
  if (!shared()) return loss;
  // All ranks of the last stage's tensor group have it.
  return groups_.world->all_reduced(groups_.place.tensor == 0 ? loss : 0.0);
}

void InferenceModel::end() { exchange(Request::end); }

void InferenceModel::end_stopped() {
  if (ended_) return;
  stop_requested_ = [] { return true; };
  try {
    exchange(Request::none);
  } catch (const cli::StoppedOnRequest&) {
  }
}

void InferenceModel::serve() {
  for (;;) {
    const Header header = exchange(Request::none);
    switch (static_cast<Request>(header.request)) {
      case Request::make_cache:
        part_.make_cache(header.counts[0], header.counts[1]);
        break;
      case Request::forward:
        serve_forward(header);
        break;
      case Request::loss:
        serve_loss(header);
        break;
      case Request::end:
        return;
      default:
        throw std::logic_error("rank 0 asks for what inference does not know");
    }
  }
}

}  // namespace gpt::model
