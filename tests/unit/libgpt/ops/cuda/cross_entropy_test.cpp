#include "libgpt/ops/cross_entropy.hpp"

#include <limits>

#include "libgpt/ops/shape_error.hpp"
#include "libgpt/ops/vocabulary_cross_entropy.hpp"
#include "tests/unit/libgpt/ops/cuda/device_check.hpp"

using namespace gpt;
using device_check::on_device;
using device_check::random_values;

namespace {

using Losses = device_check::OnDevice<tensor::OnDevice<double>>;
using DeviceFloat = tensor::OnDevice<float>;
using Targets = device_check::OnDevice<tensor::OnDevice<std::int32_t>>;

struct Shape {
  std::int64_t rows, vocabulary;
  std::size_t offset;
};

// Rows that end or begin within a pack, narrower than a pack, wider than what shared memory holds.
const std::vector<Shape> kShapes = {{1, 1, 0},   {5, 2, 0},    {3, 8, 0},     {9, 131, 0},  {4, 512, 0},
                                    {4, 512, 1}, {3, 5000, 2}, {3, 50257, 0}, {2, 60001, 3}};

template <class T>
struct Rows {
  std::vector<double> logits;
  std::vector<std::int32_t> targets;
  std::vector<double> mask;

  explicit Rows(const Shape& s)
      : logits(random_values<T>(s.rows * s.vocabulary, 1, 3)),
        targets(device_check::random_indices(s.rows, 2, static_cast<std::int32_t>(s.vocabulary))) {
    targets.front() = 0;
    targets.back() = static_cast<std::int32_t>(s.vocabulary - 1);
    for (std::int64_t r = 0; r < s.rows; ++r) mask.push_back(r % 3 == 1 ? 0 : r % 3 == 2 ? 0.5 : 1);
    // a row far from zero, and its neighbours as small as no number of the softmax may become by that
    for (std::int64_t c = 0; c < s.vocabulary; ++c) {
      double& logit = logits[static_cast<std::size_t>(c)];
      logit = device_check::rounded<T>(logit + 96);
    }
  }
  std::vector<float> float_mask() const { return {mask.begin(), mask.end()}; }
};

}  // namespace

TEST_CASE_TEMPLATE("cross entropy on the device is the CPU's", T, GPT_DEVICE_TYPES) {
  const cuda_on_cpu::ScopedEmulatedDevice device;
  for (const Shape& s : kShapes) {
    CAPTURE(s.rows);
    CAPTURE(s.vocabulary);
    const Rows<T> in(s);
    const auto mask = in.float_mask();
    const device_check::OnDevice<DeviceFloat> on_mask(mask);
    const Targets targets(in.targets);
    for (const bool masked : {false, true}) {
      std::vector<double> wanted = in.logits, losses(in.targets.size());
      ops::cross_entropy_backward<double>(
          s.rows, s.vocabulary, wanted, in.targets,
          {masked ? std::span<const float>(mask) : std::span<const float>(), 0.375}, losses);
      const auto seen = device_check::same_in_every_order([&] {
        auto logits = on_device<T>(in.logits, s.offset);
        Losses forward(losses), backward(losses);
        ops::cross_entropy_forward<T>(s.rows, s.vocabulary, logits.span(), targets.span(), forward.span());
        ops::RowWeights<T> weights{{}, 0.375};
        if (masked) weights.mask = on_mask.span();
        ops::cross_entropy_backward<T>(s.rows, s.vocabulary, logits.span(), targets.span(), weights,
                                       backward.span());
        return device_check::joined({logits.numbers(), forward.values(), backward.values()});
      });
      const std::size_t elements = wanted.size(), rows = losses.size();
      device_check::check_near<T>(device_check::piece(seen, 0, elements), wanted, 1e-6);
      device_check::check_close(device_check::piece(seen, elements, rows), losses, 2e-6);
      device_check::check_close(device_check::piece(seen, elements + rows, rows), losses, 2e-6);
    }
  }
}

TEST_CASE_TEMPLATE("logits of minus infinity count nothing, and what is no number shows", T,
                   GPT_DEVICE_TYPES) {
  const cuda_on_cpu::ScopedEmulatedDevice device;
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  std::vector<double> logits(3 * 100, -kInfinity);
  logits[7] = 2;
  logits[9] = 2;
  std::fill_n(logits.begin() + 100, 100, 1.0);
  logits[150] = std::numeric_limits<double>::quiet_NaN();
  std::fill_n(logits.begin() + 200, 100, 1.0);
  logits[299] = kInfinity;
  auto on = on_device<T>(logits);
  const Targets targets(std::vector<std::int32_t>{7, 7, 7});
  Losses losses(std::vector<double>(3));
  const device_check::OnDevice<DeviceFloat> mask(std::vector<float>{1, 0, 1});
  ops::cross_entropy_backward<T>(3, 100, on.span(), targets.span(), {mask.span(), 1}, losses.span());
  const auto loss = losses.values();
  CHECK(loss[0] == doctest::Approx(std::log(2.0)));
  CHECK(std::isnan(loss[1]));
  CHECK(std::isnan(loss[2]));
  const auto gradient = on.numbers();
  for (std::size_t c = 0; c < 100; ++c) {
    CHECK(gradient[c] == (c == 7 ? -0.5 : c == 9 ? 0.5 : 0));
    CHECK(gradient[100 + c] == 0);  // masked, whatever the logits are
  }
  CHECK(std::isnan(gradient[200]));
}

TEST_CASE_TEMPLATE("masked losses add up on the device", T, GPT_DEVICE_TYPES) {
  const cuda_on_cpu::ScopedEmulatedDevice device;
  for (const std::int64_t count : {1, 31, 1024, 5003}) {
    auto losses = random_values<tensor::DeviceF32>(count, 1, 5);
    std::vector<float> mask;
    for (std::int64_t i = 0; i < count; ++i) mask.push_back(i % 4 == 1 ? 0.F : i % 4 == 2 ? 0.25F : 1.F);
    if (count > 1) losses[1] = std::numeric_limits<double>::quiet_NaN();  // masked
    for (const bool masked : {true, false}) {
      if (!masked && count > 1) losses[1] = 1;
      std::vector<double> wanted = {10, 20};
      ops::add_masked_losses<double>(losses, masked ? std::span<const float>(mask) : std::span<const float>(),
                                     wanted);
      const Losses on(losses);
      const device_check::OnDevice<DeviceFloat> on_mask(mask);
      const auto seen = device_check::same_in_every_order([&] {
        Losses sum({10, 20});
        ops::add_masked_losses<T>(on.span(), masked ? on_mask.span() : std::span<const DeviceFloat>(),
                                  sum.span());
        return sum.values();
      });
      device_check::check_close(seen, wanted, 1e-13);
    }
  }
}

namespace {

// Rows of logits cut into shares of the vocabulary, as ranks have them, none as wide as another.
template <class T>
struct Shares {
  std::int64_t rows;
  std::vector<std::int64_t> cuts;  // first tokens, and the end

  ops::VocabularyShare share(std::size_t i) const { return {rows, cuts[i + 1] - cuts[i], cuts[i]}; }
  std::size_t count() const { return cuts.size() - 1; }
  std::vector<double> of(const std::vector<double>& logits, std::size_t i) const {
    std::vector<double> part;
    for (std::int64_t r = 0; r < rows; ++r) {
      const auto row = logits.begin() + r * cuts.back();
      part.insert(part.end(), row + cuts[i], row + cuts[i + 1]);
    }
    return part;
  }
};

struct Outcome {
  std::vector<double> losses, plain_losses, gradient;
};

// All shares on one device: what the ranks do, one after the other.
template <class T>
Outcome in_shares(const Shares<T>& shares, const std::vector<double>& logits,
                  const std::vector<std::int32_t>& targets, const ops::RowWeights<T>& weights,
                  std::size_t offset) {
  using Parts = device_check::OnDevice<ops::CrossEntropyPartOf<T>>;
  const auto rows = static_cast<std::size_t>(shares.rows);
  const std::vector<ops::CrossEntropyPart<float>> none(shares.count() * rows);
  Parts parts(none), plain(none), sums(std::vector(none.begin(), none.begin() + shares.rows));
  const Targets on_targets(targets);
  std::vector<device_check::OnDevice<T>> pieces;
  for (std::size_t i = 0; i < shares.count(); ++i) {
    pieces.push_back(on_device<T>(shares.of(logits, i), offset));
    ops::cross_entropy_parts<T>(shares.share(i), pieces[i].span(), on_targets.span(),
                                plain.span().subspan(i * rows, rows));
    ops::cross_entropy_parts_in_place<T>(shares.share(i), pieces[i].span(), on_targets.span(),
                                         parts.span().subspan(i * rows, rows));
  }
  const std::vector<double> zeros(rows);
  Losses losses(zeros), plain_losses(zeros);
  ops::combine_cross_entropy<T>(shares.rows, plain.span(), plain_losses.span(), sums.span());
  ops::combine_cross_entropy<T>(shares.rows, parts.span(), losses.span(), sums.span());
  Outcome outcome{losses.values(), plain_losses.values(), std::vector<double>(logits.size())};
  for (std::size_t i = 0; i < shares.count(); ++i) {
    const ops::VocabularyShare share = shares.share(i);
    ops::vocabulary_cross_entropy_backward<T>(share, pieces[i].span(), on_targets.span(), weights,
                                              parts.span().subspan(i * rows, rows), sums.span());
    const auto piece = pieces[i].numbers();
    for (std::int64_t r = 0; r < share.rows; ++r)
      std::copy_n(piece.begin() + r * share.columns, share.columns,
                  outcome.gradient.begin() + r * shares.cuts.back() + share.first_token);
  }
  return outcome;
}

}  // namespace

TEST_CASE_TEMPLATE("cross entropy of shares of the vocabulary on the device is that of the whole", T,
                   GPT_DEVICE_TYPES) {
  const cuda_on_cpu::ScopedEmulatedDevice device;
  for (const std::size_t offset : {0u, 1u}) {
    const Shares<T> shares{5, {0, 67, 68, 131, 200}};
    auto logits = random_values<T>(5 * 200, 4, 3);
    for (std::size_t c = 0; c < 67; ++c) logits[200 + c] += 256;
    for (std::size_t c = 131; c < 200; ++c) logits[400 + c] -= 256;
    // rows of a padded vocabulary, a whole share of them
    for (std::size_t c = 131; c < 200; ++c) logits[c] = -std::numeric_limits<double>::infinity();
    for (double& logit : logits) logit = device_check::rounded<T>(logit);
    const std::vector<std::int32_t> targets = {0, 67, 130, 131, 199};
    const std::vector<float> mask = {0.5F, 1, 0, 1, 0.25F};
    std::vector<double> gradient = logits, losses(5);
    ops::cross_entropy_backward<double>(5, 200, gradient, targets, {mask, 2}, losses);

    const device_check::OnDevice<DeviceFloat> on_mask(mask);
    const Outcome seen = in_shares<T>(shares, logits, targets, {on_mask.span(), 2}, offset);
    device_check::check_close(seen.losses, losses, 2e-6);
    device_check::check_close(seen.plain_losses, losses, 2e-6);
    // exponentials are rounded to T on the way
    device_check::check_near<T>(seen.gradient, gradient, 1e-6 + device_check::kUlp<tensor::ValueOf<T>> / 2);
  }
}

TEST_CASE_TEMPLATE("parts of wide shares on the device are the CPU's", T, GPT_DEVICE_TYPES) {
  const cuda_on_cpu::ScopedEmulatedDevice device;
  const ops::VocabularyShare share{3, 57347, 1000};
  const auto logits = random_values<T>(share.rows * share.columns, 8, 4);
  const std::vector<std::int32_t> targets = {999, 1000, 58346};
  std::vector<double> exponentials = logits;
  std::vector<ops::CrossEntropyPart<double>> wanted(3);
  ops::cross_entropy_parts_in_place<double>(share, exponentials, targets, wanted);
  const auto seen = device_check::same_in_every_order([&] {
    auto on = on_device<T>(logits);
    device_check::OnDevice<ops::CrossEntropyPartOf<T>> parts(std::vector<ops::CrossEntropyPart<float>>(3));
    ops::cross_entropy_parts_in_place<T>(share, on.span(), Targets(targets).span(), parts.span());
    std::vector<double> result = on.numbers();
    for (const auto& part : parts.values())
      for (const float value : {part.largest, part.sum, part.target})
        result.push_back(static_cast<double>(value));
    return result;
  });
  device_check::check_near<T>(device_check::piece(seen, 0, logits.size()), exponentials, 1e-7);
  for (std::size_t r = 0; r < 3; ++r) {
    const auto part = device_check::piece(seen, logits.size() + 3 * r, 3);
    CHECK(part[0] == wanted[r].largest);
    CHECK(part[1] == doctest::Approx(wanted[r].sum).epsilon(1e-5));
    CHECK(part[2] == wanted[r].target);
  }
}

TEST_CASE("cross entropy on the device refuses sizes that do not belong together") {
  const cuda_on_cpu::ScopedEmulatedDevice device;
  using T = tensor::DeviceF32;
  auto logits = device_check::zeros<T>(6);
  const Targets targets(std::vector<std::int32_t>{0, 1, 2});
  Losses losses(std::vector<double>(2));
  CHECK_THROWS_AS(ops::cross_entropy_forward<T>(2, 3, logits.span(), targets.span(), losses.span()),
                  ops::ShapeError);
  device_check::OnDevice<ops::CrossEntropyPartOf<T>> parts(std::vector<ops::CrossEntropyPart<float>>(3)),
      sums(std::vector<ops::CrossEntropyPart<float>>(2));
  CHECK_THROWS_AS(ops::combine_cross_entropy<T>(2, parts.span(), losses.span(), sums.span()),
                  ops::ShapeError);
}
