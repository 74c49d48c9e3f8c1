#include "apps/gpt-preprocess/inspect.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdio>
#include <limits>

#include "libcommon/cli/stop_signals.hpp"
#include "libcommon/dataset/indexed_dataset.hpp"
#include "libcommon/io/errors.hpp"
#include "libcommon/io/output_file.hpp"
#include "libcommon/log/run_report.hpp"

namespace gpt::preprocess {
namespace {

using dataset::IndexedDataset;

// How lengths are spread: their number, sum and extremes, and how many lie in each power of two.
class Spread {
 public:
  void add(std::uint64_t length) {
    ++count_;
    sum_ += length;
    least_ = std::min(least_, length);
    most_ = std::max(most_, length);
    ++powers_[static_cast<std::size_t>(std::bit_width(length))];
  }

  std::uint64_t count() const { return count_; }
  std::uint64_t least() const { return count_ == 0 ? 0 : least_; }
  std::uint64_t most() const { return most_; }
  double mean() const { return count_ == 0 ? 0 : static_cast<double>(sum_) / static_cast<double>(count_); }
  // powers()[0] counts zeros, powers()[k] what is from 2^(k−1) to 2^k − 1.
  const std::array<std::uint64_t, 65>& powers() const { return powers_; }

 private:
  std::uint64_t count_ = 0;
  std::uint64_t sum_ = 0;
  std::uint64_t least_ = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t most_ = 0;
  std::array<std::uint64_t, 65> powers_{};
};

struct Shape {
  Spread document_tokens;
  Spread document_sequences;
  Spread sequence_tokens;
};

Shape shape_of(const IndexedDataset& dataset) {
  Shape shape;
  for (std::size_t d = 0; d < dataset.documents(); ++d) {
    const auto first = static_cast<std::size_t>(dataset.document_index()[d]);
    const auto last = static_cast<std::size_t>(dataset.document_index()[d + 1]);
    std::uint64_t tokens = 0;
    for (std::size_t i = first; i < last; ++i) {
      tokens += dataset.size(i);
      shape.sequence_tokens.add(dataset.size(i));
    }
    shape.document_tokens.add(tokens);
    shape.document_sequences.add(last - first);
  }
  return shape;
}

std::string spread_line(const char* name, const Spread& spread) {
  char line[160];
  std::snprintf(line, sizeof line, "%-24s mean %.1f, least %llu, most %llu\n", name, spread.mean(),
                static_cast<unsigned long long>(spread.least()),
                static_cast<unsigned long long>(spread.most()));
  return line;
}

std::string histogram(const Spread& spread) {
  std::string lines = "documents by tokens\n";
  for (std::size_t k = 0; k < spread.powers().size(); ++k) {
    if (spread.powers()[k] == 0) continue;
    const std::uint64_t from = k == 0 ? 0 : std::uint64_t{1} << (k - 1);
    const std::uint64_t to = k == 0 ? 0 : from + (from - 1);
    const double share = static_cast<double>(spread.powers()[k]) / static_cast<double>(spread.count());
    char line[160];
    std::snprintf(line, sizeof line, "%12llu to %-12llu %12llu  %5.1f %%  %s\n",
                  static_cast<unsigned long long>(from), static_cast<unsigned long long>(to),
                  static_cast<unsigned long long>(spread.powers()[k]), 100 * share,
                  std::string(static_cast<std::size_t>(share * 40 + 0.5), '#').c_str());
    lines += line;
  }
  return lines;
}

std::string numbers_of(const IndexedDataset& dataset, const Shape& shape) {
  const auto row = [](const char* name, const std::string& value) {
    std::string line = name;
    line.resize(25, ' ');
    return line + value + "\n";
  };
  std::string out = row("dataset", dataset.prefix()) + row("documents", std::to_string(dataset.documents())) +
                    row("sequences", std::to_string(dataset.sequences())) +
                    row("tokens", std::to_string(dataset.tokens())) +
                    row("token type", std::string(dataset::name_of(dataset.token_type())));
  out += spread_line("tokens per document", shape.document_tokens);
  out += spread_line("tokens per sentence", shape.sequence_tokens);
  out += spread_line("sentences per document", shape.document_sequences);
  return out + histogram(shape.document_tokens);
}

std::string text_of_document_or_throw(const IndexedDataset& dataset, const tokenizer::Tokenizer& tokenizer,
                                      std::uint64_t document) {
  if (document >= dataset.documents()) {
    throw io::DataError(dataset.prefix() + ".idx", "has " + std::to_string(dataset.documents()) +
                                                       " documents, counted from 0: there is no document " +
                                                       std::to_string(document));
  }
  std::string text;
  std::vector<tokenizer::TokenId> ids;
  for (auto i = dataset.document_index()[document]; i < dataset.document_index()[document + 1]; ++i) {
    dataset.visit(static_cast<std::size_t>(i), [&](auto tokens) {
      ids.clear();
      for (const auto token : tokens) ids.push_back(static_cast<tokenizer::TokenId>(token));
    });
    try {
      text += tokenizer.decode_or_throw(ids) + "\n";
    } catch (const std::out_of_range& outside) {
      throw io::DataError(dataset.prefix() + ".bin",
                          std::string(outside.what()) + ": pass the one it was made with");
    }
  }
  return text;
}

void write_info_report(const InfoOptions& options, log::RunReport& report, const IndexedDataset& dataset,
                       const Shape& shape) {
  if (!options.common.report) return;
  report.set("input", options.input);
  report.set("documents", static_cast<std::uint64_t>(dataset.documents()));
  report.set("sequences", static_cast<std::uint64_t>(dataset.sequences()));
  report.set("tokens", dataset.tokens());
  report.set("token_type", dataset::name_of(dataset.token_type()));
  report.set("tokens_per_document", shape.document_tokens.mean());
  report.set("tokens_per_sentence", shape.sequence_tokens.mean());
  report.set("sentences_per_document", shape.document_sequences.mean());
  report.set("longest_document", shape.document_tokens.most());
  report.write_or_throw(*options.common.report);
}

struct IdRange {
  std::int64_t least = 0;
  std::int64_t most = -1;
};

IdRange ids_of(const IndexedDataset& dataset) {
  IdRange range;
  for (std::size_t i = 0; i < dataset.sequences(); ++i) {
    if (i % 1024 == 0) cli::throw_if_stop_requested();
    dataset.visit(i, [&](auto tokens) {
      if (tokens.empty()) return;
      const auto [least, most] = std::minmax_element(tokens.begin(), tokens.end());
      range.least = std::min(range.least, static_cast<std::int64_t>(*least));
      range.most = std::max(range.most, static_cast<std::int64_t>(*most));
    });
  }
  return range;
}

void check_positions_or_throw(const IndexedDataset& dataset) {
  std::uint64_t tokens = 0;
  for (std::size_t i = 0; i < dataset.sequences(); ++i) tokens += dataset.size(i);
  if (tokens == dataset.tokens()) return;
  throw io::DataError(dataset.prefix() + ".idx",
                      "its sequences have " + std::to_string(tokens) + " tokens, but the .bin holds " +
                          std::to_string(dataset.tokens()) + ": some overlap, or bytes belong to none");
}

}  // namespace

cli::ExitCode run(const InfoOptions& options) {
  log::RunReport report("gpt-preprocess");
  const auto dataset = IndexedDataset::open_or_throw(options.input);
  io::OutputFile out("-");
  if (options.decode.empty()) {
    const Shape shape = shape_of(dataset);
    out.write_or_throw(numbers_of(dataset, shape));
    write_info_report(options, report, dataset, shape);
  } else {
    const auto tokenizer = tokenizer::Tokenizer::load_or_throw(*options.tokenizer);
    for (const std::uint64_t document : options.decode)
      out.write_or_throw(text_of_document_or_throw(dataset, tokenizer, document));
  }
  out.commit_or_throw();
  return cli::ExitCode::done;
}

cli::ExitCode run(const VerifyOptions& options) {
  auto limit = options.vocabulary_size;
  if (!limit && options.tokenizer)
    limit = tokenizer::Tokenizer::load_or_throw(*options.tokenizer).vocabulary_size();
  io::OutputFile out("-");
  for (const std::string& input : options.inputs) {
    const auto dataset = IndexedDataset::open_or_throw(input);
    check_positions_or_throw(dataset);
    const IdRange ids = ids_of(dataset);
    if (ids.least < 0)
      throw io::DataError(input + ".bin", "holds the id " + std::to_string(ids.least) + ": it is damaged");
    if (limit && ids.most >= 0 && static_cast<std::uint64_t>(ids.most) >= *limit) {
      throw io::DataError(input + ".bin", "holds the id " + std::to_string(ids.most) +
                                              ", but the vocabulary has " + std::to_string(*limit) +
                                              " entries: it is damaged, or of another vocabulary");
    }
    out.write_or_throw(input + ": sound: " + std::to_string(dataset.documents()) + " documents, " +
                       std::to_string(dataset.sequences()) + " sequences, " +
                       std::to_string(dataset.tokens()) + " tokens, highest id " + std::to_string(ids.most) +
                       "\n");
  }
  out.commit_or_throw();
  return cli::ExitCode::done;
}

}  // namespace gpt::preprocess
