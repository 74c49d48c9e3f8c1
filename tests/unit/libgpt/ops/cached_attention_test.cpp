#include "libgpt/ops/cached_attention.hpp"

#include <algorithm>

#include "libgpt/ops/attention.hpp"
#include "tests/unit/libgpt/ops/op_check.hpp"

using namespace gpt;

namespace {

constexpr std::int64_t kHeads = 3;

// One sequence in a slot of the cache.
struct Sequence {
  std::int32_t slot;
  std::int64_t length;
  std::vector<double> qkv;  // [length, qkv width]
  std::vector<double> out;  // what attention over the whole sequence gives
};

Sequence sequence_of(std::int32_t slot, std::int64_t length, std::int64_t head_size) {
  const ops::AttentionShape shape{1, length, kHeads, kHeads, head_size};
  Sequence s{slot, length, {}, {}};
  s.qkv = op_check::random_values<double>(static_cast<std::size_t>(shape.rows() * shape.qkv_width()),
                                          static_cast<unsigned>(100 * slot + length));
  s.out.resize(static_cast<std::size_t>(shape.rows() * shape.out_width()));
  std::vector<double> log_sum(static_cast<std::size_t>(shape.rows() * kHeads));
  ops::attention_forward<double>(shape, {}, s.qkv, s.out, log_sum);
  return s;
}

// Tokens begin .. end of a sequence.
struct Piece {
  const Sequence& sequence;
  std::int64_t begin, end;
};

template <class T>
struct Cache {
  std::int64_t slots, capacity, head_size;
  std::vector<T> keys, values;

  Cache(std::int64_t slot_count, std::int64_t rows, std::int64_t size)
      : slots(slot_count),
        capacity(rows),
        head_size(size),
        keys(static_cast<std::size_t>(slots * kHeads * capacity * head_size), T(1e9)),
        values(keys) {}

  // Takes the pieces through both ops and compares what they give.
  void check(const std::vector<Piece>& pieces, double tolerance) {
    ops::CachedAttentionShape shape{0, slots, kHeads, capacity, head_size, 0, 0};
    std::vector<std::int32_t> slot_of, position_of;
    std::vector<T> qkv;
    std::vector<double> wanted;
    for (const Piece& piece : pieces) {
      const std::int64_t width = shape.qkv_width();
      const std::int64_t out_width = shape.out_width();
      const auto& from = piece.sequence;
      qkv.insert(qkv.end(), from.qkv.begin() + piece.begin * width, from.qkv.begin() + piece.end * width);
      wanted.insert(wanted.end(), from.out.begin() + piece.begin * out_width,
                    from.out.begin() + piece.end * out_width);
      for (std::int64_t i = piece.begin; i < piece.end; ++i) {
        slot_of.push_back(from.slot);
        position_of.push_back(static_cast<std::int32_t>(i));
      }
      shape.most_rows = std::max(shape.most_rows, piece.end - piece.begin);
      shape.most_keys = std::max(shape.most_keys, piece.end);
    }
    shape.rows = static_cast<std::int64_t>(slot_of.size());
    std::vector<T> out(wanted.size());
    ops::append_to_cache<T>(shape, {slot_of, position_of}, qkv, keys, values);
    ops::cached_attention<T>(shape, {slot_of, position_of}, qkv, keys, values, out);
    op_check::check_close(out, wanted, tolerance);
  }
};

template <class T>
void check_growing_texts(std::int64_t head_size, double tolerance) {
  const Sequence first = sequence_of(2, 70, head_size);
  const Sequence second = sequence_of(0, 33, head_size);
  const Sequence third = sequence_of(1, 9, head_size);
  Cache<T> cache(3, 70, head_size);
  cache.check({{second, 0, 7}}, tolerance);
  cache.check({{second, 7, 8}, {third, 0, 3}, {first, 0, 60}}, tolerance);  // prompts beside a growing text
  cache.check({{second, 8, 9}, {third, 3, 4}, {first, 60, 61}}, tolerance);
  cache.check({{first, 61, 70}, {second, 9, 33}}, tolerance);
  const Sequence reused = sequence_of(1, 5, head_size);
  cache.check({{reused, 0, 5}}, tolerance);
}

}  // namespace

TEST_CASE("attention to a cache is attention over the whole text, in whatever pieces texts grow") {
  op_check::on_every_isa([] {
    for (const std::int64_t head_size : {4, 16, 64, 80}) {
      CAPTURE(head_size);
      check_growing_texts<double>(head_size, 1e-13);
      check_growing_texts<float>(head_size, 1e-5);
    }
  });
}

TEST_CASE("a cache of the wrong size is refused") {
  std::vector<float> qkv(3 * 8), cache(16), out(8);
  const std::vector<std::int32_t> zero{0};
  const ops::CachedAttentionShape shape{1, 1, 2, 2, 4, 1, 1};
  ops::append_to_cache<float>(shape, {zero, zero}, qkv, cache, cache);
  CHECK_THROWS(ops::append_to_cache<float>(shape, {zero, zero}, qkv, std::span(cache).first(8), cache));
  CHECK_THROWS(ops::cached_attention<float>(shape, {zero, {}}, qkv, cache, cache, out));
}
