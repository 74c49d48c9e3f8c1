#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "libgpt/comm/parallel_groups.hpp"
#include "libgpt/model/inference_batch.hpp"
#include "libgpt/model/inference_part.hpp"

namespace gpt::model {

// A model to generate with, on as many ranks as its parts lie on. Rank 0 decides: it calls what it wants of
// the model, while the others serve() what it asks for. Where one rank holds the whole model nothing is
// passed.
class InferenceModel {
 public:
  // stop_requested is asked on every rank before each batch, and where one of them says so all throw
  // cli::StoppedOnRequest. The part, and the groups, must stay alive. Throws ConfigError for a layout with
  // data-parallel copies.
  InferenceModel(InferencePart& part, const comm::ParallelGroups& groups,
                 std::function<bool()> stop_requested);

  const ModelConfig& config() const { return part_.config(); }

  // Rank 0 ------------------------------------------------------------------------------------------------

  // Keys and values of `slots` texts of all positions of the model.
  void make_cache(std::int64_t slots);
  // Forgets what a slot holds beyond its first `length` tokens; 0 frees it for another text.
  void truncate(std::int64_t slot, std::int64_t length) { lengths_.truncate(slot, length); }
  // Appends tokens to the slots and returns logits [wanted, vocabulary], valid until the next call. Throws
  // ConfigError for tokens or slots there are not, and when a slot would grow beyond the positions.
  std::span<const float> forward(const InferenceBatch& batch);
  // The sum of -log p, in nats, of tokens[first + 1], tokens[first + 2] ... given all those before them. At
  // most one token more than the model has positions.
  double loss(std::span<const std::int32_t> tokens, std::int64_t first);
  // The last call: lets serve() return.
  void end();
  // In its place after a stop that rank 0 obeys: serve() throws cli::StoppedOnRequest, if it has not yet.
  void end_stopped();

  // The others --------------------------------------------------------------------------------------------

  // Does what rank 0 asks for, until end().
  void serve();

 private:
  enum class Request : std::int64_t { none, make_cache, forward, loss, end };
  struct Header {
    std::int64_t stop = 0;
    std::int64_t request = 0;
    std::int64_t counts[4] = {};
  };

  // Tells the others what is to come, or, on them, waits for it.
  Header exchange(Request request, std::int64_t a = 0, std::int64_t b = 0, std::int64_t c = 0,
                  std::int64_t d = 0);
  bool shared() const { return groups_.world->size() > 1; }
  // The same on all ranks.
  void pass_around(std::vector<std::int32_t>& numbers);

  std::span<const float> forward_placed(const PlacedBatch& batch);
  std::span<const float> gathered_logits(std::size_t wanted, std::span<const float> own);
  double loss_of_window(std::span<const std::int32_t> tokens, std::int64_t first);

  void serve_forward(const Header& header);
  void serve_loss(const Header& header);

  InferencePart& part_;
  const comm::ParallelGroups& groups_;
  std::function<bool()> stop_requested_;
  bool ended_ = false;
  SlotLengths lengths_;                  // rank 0
  std::vector<std::int32_t> positions_;  // of the batch under way
  std::vector<std::int32_t> numbers_;    // passed with a request
  std::vector<std::int32_t> wanted_;     // of its pieces
  std::vector<float> own_, logits_, share_;
};

}  // namespace gpt::model
