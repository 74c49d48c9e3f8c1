#include "libgpt/ops/attention.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>

#include "libgpt/ops/cpu/dropout_row.hpp"
#include "tests/unit/libgpt/ops/op_check.hpp"

using namespace gpt;

namespace {

// Row by row, as written in the contract.
std::vector<double> plain_attention(const ops::AttentionShape& s, const std::vector<double>& qkv,
                                    const std::vector<std::int32_t>& from) {
  std::vector<double> out(static_cast<std::size_t>(s.rows() * s.out_width()));
  const auto at = [&](std::int64_t row, std::int64_t part, std::int64_t head, std::int64_t d) {
    return qkv[static_cast<std::size_t>(row * s.qkv_width() + part * s.out_width() + head * s.head_size + d)];
  };
  for (std::int64_t b = 0; b < s.sequences; ++b) {
    for (std::int64_t head = 0; head < s.heads; ++head) {
      for (std::int64_t i = 0; i < s.length; ++i) {
        const std::int64_t first = from.empty() ? 0 : from[static_cast<std::size_t>(b * s.length + i)];
        std::vector<double> p;
        for (std::int64_t j = first; j <= i; ++j) {
          double score = 0;
          for (std::int64_t d = 0; d < s.head_size; ++d) {
            score += at(b * s.length + i, 0, head, d) * at(b * s.length + j, 1, head, d);
          }
          p.push_back(std::exp(score / std::sqrt(static_cast<double>(s.head_size))));
        }
        const double sum = std::accumulate(p.begin(), p.end(), 0.0);
        for (std::int64_t d = 0; d < s.head_size; ++d) {
          double value = 0;
          for (std::int64_t j = first; j <= i; ++j) {
            value += p[static_cast<std::size_t>(j - first)] / sum * at(b * s.length + j, 2, head, d);
          }
          out[static_cast<std::size_t>((b * s.length + i) * s.out_width() + head * s.head_size + d)] = value;
        }
      }
    }
  }
  return out;
}

std::vector<std::int32_t> two_documents(const ops::AttentionShape& s) {
  std::vector<std::int32_t> from(static_cast<std::size_t>(s.rows()));
  for (std::size_t i = 0; i < from.size(); ++i) {
    const auto place = static_cast<std::int32_t>(static_cast<std::int64_t>(i) % s.length);
    if (place >= s.length / 3) from[i] = static_cast<std::int32_t>(s.length / 3);
  }
  return from;
}

struct Run {
  std::vector<double> out, log_sum, d_qkv;
};

template <class T>
std::vector<double> as_double(const std::vector<T>& values) {
  return {values.begin(), values.end()};
}

}  // namespace

TEST_CASE("attention agrees with its definition for lengths and head sizes that fit no tile") {
  op_check::on_every_isa([] {
    for (const std::int64_t length : {1, 5, 33, 65, 130}) {
      for (const std::int64_t head_size : {1, 12, 16, 64, 80}) {
        const ops::AttentionShape s{2, length, 3, 3, head_size};
        const auto qkv =
            op_check::random_values<float>(static_cast<std::size_t>(s.rows() * s.qkv_width()), 7);
        for (const auto& from : {std::vector<std::int32_t>{}, two_documents(s)}) {
          CAPTURE(length);
          CAPTURE(head_size);
          std::vector<float> out(static_cast<std::size_t>(s.rows() * s.out_width()), NAN);
          std::vector<float> log_sum(static_cast<std::size_t>(s.rows() * s.heads));
          ops::AttentionContext<float> context;
          context.attend_from = from;
          ops::attention_forward<float>(s, context, qkv, out, log_sum);
          op_check::check_close(out, plain_attention(s, as_double(qkv), from), 1e-5);
        }
      }
    }
  });
}

TEST_CASE("the gradient of attention is that of its differences, with documents and dropout") {
  op_check::on_every_isa([] {
    const ops::AttentionShape s{2, 37, 2, 2, 5};
    auto qkv = op_check::random_values<double>(static_cast<std::size_t>(s.rows() * s.qkv_width()), 8);
    const auto d_out = op_check::random_values<double>(static_cast<std::size_t>(s.rows() * s.out_width()), 9);
    const auto from = two_documents(s);
    const std::vector<std::uint64_t> samples = {5, 6};
    for (const double probability : {0.0, 0.4}) {
      CAPTURE(probability);
      ops::AttentionContext<double> context;
      context.attend_from = from;
      context.dropout = ops::make_dropout(probability, 3, ops::DropoutSite::attention, 1);
      context.samples = samples;
      std::vector<double> out(d_out.size()), log_sum(static_cast<std::size_t>(s.rows() * s.heads));
      const auto loss = [&] {
        ops::attention_forward<double>(s, context, qkv, out, log_sum);
        return op_check::weighted_sum(d_out, out);
      };
      loss();
      std::vector<double> d_qkv(qkv.size(), NAN);
      ops::attention_backward<double>(s, context, qkv, out, log_sum, d_out, d_qkv);
      op_check::check_gradient(qkv, d_qkv, loss);
    }
  });
}

TEST_CASE("dropout of attention keeps the expectation and differs by head, query and sample") {
  const ops::AttentionShape s{2, 96, 4, 4, 8};
  std::vector<double> qkv(static_cast<std::size_t>(s.rows() * s.qkv_width()), 0.0);
  // Values of 1: without dropout every output is 1.
  for (std::int64_t row = 0; row < s.rows(); ++row) {
    for (std::int64_t i = 2 * s.out_width(); i < s.qkv_width(); ++i) {
      qkv[static_cast<std::size_t>(row * s.qkv_width() + i)] = 1;
    }
  }
  const std::vector<std::uint64_t> samples = {100, 101};
  ops::AttentionContext<double> context;
  context.dropout = ops::make_dropout(0.25, 3, ops::DropoutSite::attention, 0);
  context.samples = samples;
  std::vector<double> out(static_cast<std::size_t>(s.rows() * s.out_width())), log_sum(out.size() / 8);
  ops::attention_forward<double>(s, context, qkv, out, log_sum);
  const double mean = std::accumulate(out.begin(), out.end(), 0.0) / static_cast<double>(out.size());
  CHECK(mean == doctest::Approx(1).epsilon(0.03));
  const auto value = [&](std::int64_t b, std::int64_t i, std::int64_t head) {
    return out[static_cast<std::size_t>((b * s.length + i) * s.out_width() + head * s.head_size)];
  };
  CHECK(value(0, 90, 0) != value(0, 90, 1));
  CHECK(value(0, 90, 0) != value(0, 91, 0));
  CHECK(value(0, 90, 0) != value(1, 90, 0));
}

TEST_CASE("a share of the heads is dropped as those heads of the whole are") {
  const ops::AttentionShape whole{2, 19, 4, 4, 8};
  const ops::AttentionShape share{2, 19, 2, 2, 8};
  const auto qkv =
      op_check::random_values<float>(static_cast<std::size_t>(whole.rows() * whole.qkv_width()), 7);
  const std::vector<std::uint64_t> samples = {100, 101};
  ops::AttentionContext<float> context;
  context.dropout = ops::make_dropout(0.25, 3, ops::DropoutSite::attention, 0);
  context.samples = samples;
  // Columns [first, first + count) of each of the `pieces` equal parts of every row.
  const auto columns = [](std::span<const float> rows, std::int64_t pieces, std::int64_t first) {
    std::vector<float> cut;
    for (std::size_t piece = 0; piece < rows.size() / 32; ++piece) {
      const auto part = rows.subspan(piece * 32 + static_cast<std::size_t>(first * 8), 16);
      cut.insert(cut.end(), part.begin(), part.end());
    }
    CHECK(static_cast<std::int64_t>(cut.size()) == 2 * 19 * pieces * 16);
    return cut;
  };
  op_check::on_every_isa([&] {
    std::vector<float> out(2 * 19 * 32), log_sum(2 * 19 * 4);
    ops::attention_forward<float>(whole, context, qkv, out, log_sum);
    for (const std::int64_t first : {0, 2}) {
      ops::AttentionContext<float> of_share = context;
      of_share.first_head = first;
      std::vector<float> part(2 * 19 * 16), part_sums(2 * 19 * 2);
      ops::attention_forward<float>(share, of_share, columns(qkv, 3, first), part, part_sums);
      CHECK(part == columns(out, 1, first));
    }
  });
}

TEST_CASE("unequal numbers of heads are refused") {
  const ops::AttentionShape s{1, 4, 4, 2, 8};
  std::vector<float> qkv(4 * 64), out(4 * 32), log_sum(16);
  CHECK_THROWS_AS(ops::attention_forward<float>(s, {}, qkv, out, log_sum), std::invalid_argument);
}
