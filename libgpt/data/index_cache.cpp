#include "libgpt/data/index_cache.hpp"

#include <array>
#include <filesystem>
#include <numeric>
#include <optional>

#include <xxhash.h>

#include "libcommon/io/byte_source.hpp"
#include "libcommon/io/errors.hpp"
#include "libcommon/io/mapped_file.hpp"
#include "libcommon/io/output_file.hpp"
#include "libgpt/data/errors.hpp"
#include "libgpt/data/npy_file.hpp"

namespace gpt::data {
namespace {

namespace fs = std::filesystem;

std::string path_stem(const IndexCache& cache, const SampleIndexRequest& request) {
  return cache.folder + "/" + cache.dataset_stem + "_" + std::string(name_of(cache.part)) + "_indexmap_" +
         std::to_string(request.wanted) + "ns_" + std::to_string(request.sequence_length) + "sl_" +
         std::to_string(request.seed) + "s_";
}

std::string key_json(std::span<const std::int32_t> lengths, const SampleIndexRequest& request) {
  return "{\"version\":1,\"sequences\":" + std::to_string(lengths.size()) +
         ",\"lengths_xxh3\":" + std::to_string(XXH3_64bits(lengths.data(), lengths.size_bytes())) +
         ",\"first\":" + std::to_string(request.range.begin) +
         ",\"end\":" + std::to_string(request.range.end) +
         ",\"sequence_length\":" + std::to_string(request.sequence_length) +
         ",\"wanted\":" + std::to_string(request.wanted) + ",\"seed\":" + std::to_string(request.seed) +
         "}\n";
}

struct MappedArrays {
  io::MappedFile documents;
  io::MappedFile samples;
  io::MappedFile shuffle;
};

template <class T>
std::optional<std::span<const T>> array_in(const io::MappedFile& file, std::string_view descr,
                                           std::span<const std::size_t> shape) {
  const auto offset = npy_data_offset(file.bytes(), descr, shape);
  if (!offset) return std::nullopt;
  const auto data = file.bytes().subspan(*offset);
  return std::span(reinterpret_cast<const T*>(data.data()), data.size() / sizeof(T));
}

EpochPlan plan_of(std::span<const std::int32_t> lengths, const SampleIndexRequest& request) {
  const auto part = lengths.subspan(static_cast<std::size_t>(request.range.begin),
                                    static_cast<std::size_t>(request.range.size()));
  const auto tokens = std::accumulate(part.begin(), part.end(), std::int64_t{0});
  return plan_epochs(std::max<std::int64_t>(tokens, 1), request.sequence_length, request.wanted);
}

std::optional<SampleIndices> map_arrays(const std::string& stem, const SampleIndexRequest& request,
                                        const EpochPlan& plan) {
  for (const char* name : {"doc_idx.npy", "sample_idx.npy", "shuffle_idx.npy"}) {
    if (!fs::exists(stem + name)) return std::nullopt;
  }
  auto files =
      std::make_shared<MappedArrays>(MappedArrays{io::MappedFile::open_or_throw(stem + "doc_idx.npy"),
                                                  io::MappedFile::open_or_throw(stem + "sample_idx.npy"),
                                                  io::MappedFile::open_or_throw(stem + "shuffle_idx.npy")});
  const auto samples = static_cast<std::size_t>(plan.samples);
  const std::array<std::size_t, 1> document_shape = {
      static_cast<std::size_t>(request.range.size() * plan.epochs)};
  const std::array<std::size_t, 2> sample_shape = {samples + 1, 2};
  const std::array<std::size_t, 1> shuffle_shape = {samples};
  const auto documents = array_in<std::int32_t>(files->documents, "<i4", document_shape);
  const auto pairs = array_in<std::int32_t>(files->samples, "<i4", sample_shape);
  const auto shuffle = array_in<std::uint32_t>(files->shuffle, "<u4", shuffle_shape);
  if (!documents || !pairs || !shuffle) return std::nullopt;
  return SampleIndices{plan, *documents, *pairs, *shuffle, std::move(files)};
}

// Empty unless the key says that the arrays are those wanted.
std::optional<SampleIndices> map_cached(const std::string& stem, std::span<const std::int32_t> lengths,
                                        const SampleIndexRequest& request) {
  const std::string key_path = stem + "key.json";
  if (!fs::exists(key_path) || io::read_file_or_throw(key_path) != key_json(lengths, request))
    return std::nullopt;
  return map_arrays(stem, request, plan_of(lengths, request));
}

template <class T>
void store(const std::string& path, std::string_view descr, std::span<const std::size_t> shape,
           std::span<const T> values) {
  io::OutputFile file(path, io::Existing::replace);
  file.write_or_throw(npy_header(descr, shape));
  file.write_or_throw({reinterpret_cast<const char*>(values.data()), values.size_bytes()});
  file.commit_or_throw();
}

}  // namespace

SampleIndices load_or_build_sample_indices_or_throw(const IndexCache& cache,
                                                    std::span<const std::int32_t> lengths,
                                                    const SampleIndexRequest& request) {
  const std::string stem = path_stem(cache, request);
  if (auto cached = map_cached(stem, lengths, request)) return std::move(*cached);
  const auto indices = build_sample_indices_or_throw(lengths, request);
  std::error_code error;
  fs::create_directories(cache.folder, error);
  if (error) throw io::IoError(cache.folder, "cannot create", error.value());
  fs::remove(stem + "key.json", error);
  const std::array<std::size_t, 1> document_shape = {indices.documents.size()};
  const std::array<std::size_t, 2> sample_shape = {indices.samples.size() / 2, 2};
  const std::array<std::size_t, 1> shuffle_shape = {indices.shuffle.size()};
  store(stem + "doc_idx.npy", "<i4", document_shape, indices.documents);
  store(stem + "sample_idx.npy", "<i4", sample_shape, indices.samples);
  store(stem + "shuffle_idx.npy", "<u4", shuffle_shape, indices.shuffle);
  io::write_file_or_throw(stem + "key.json", key_json(lengths, request), io::Existing::replace);
  // As everyone else does from now on: mapped, the memory is shared with them.
  return map_sample_indices_or_throw(cache, request, indices.plan);
}

SampleIndices map_sample_indices_or_throw(const IndexCache& cache, const SampleIndexRequest& request,
                                          const EpochPlan& plan) {
  const std::string stem = path_stem(cache, request);
  auto indices = map_arrays(stem, request, plan);
  if (!indices) {
    throw SampleError(
        stem +
        "*.npy: the sample indices just stored are not there: the cache must be a folder that all "
        "ranks share, and no other run may write the same files meanwhile");
  }
  return std::move(*indices);
}

}  // namespace gpt::data
