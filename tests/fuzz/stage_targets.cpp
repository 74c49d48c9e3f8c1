// The files that gpt-dedup's stages leave for each other: as they lie on the disk, and with right checksums.
#include <cstring>
#include <memory>
#include <stdexcept>

#include <xxhash.h>

#include "apps/gpt-dedup/stages/kept_file.hpp"
#include "apps/gpt-dedup/stages/pair_file.hpp"
#include "apps/gpt-dedup/stages/shared_corpus.hpp"
#include "apps/gpt-dedup/stages/stages.hpp"
#include "libcommon/io/byte_source.hpp"
#include "libcommon/io/errors.hpp"
#include "tests/fuzz/scratch_folder.hpp"
#include "tests/fuzz/targets.hpp"

namespace gpt::fuzz {
namespace {

constexpr const char* kSignatures = "work/signatures.00000-of-00001";
constexpr const char* kPairs = "work/pairs.00000-of-00001";
constexpr const char* kKept = "work/kept";

// A corpus of a few documents on which all stages have run.
class StagedCorpus {
 public:
  StagedCorpus() {
    log::set_level(log::Level::error);
    folder_.write("a.jsonl",
                  "{\"text\":\"one text of some words\"}\n{\"text\":\"one text of some words\"}\n"
                  "{\"text\":\"one text of some words.\"}\n{\"text\":\"another\"}\n{\"text\":\"\"}\n");
    dedup::SignaturesOptions signatures;
    signatures.stage = stage();
    signatures.corpus.inputs = {folder_.path("a.jsonl")};
    signatures.corpus.temporary_folder = folder_.path("");
    signatures.minhash.seeds = 4;
    signatures.minhash.bands = 2;
    signatures.keep.keep = dedup::Keep::longest;
    dedup::run(signatures);
    run_pairs({0, 1});
    run_groups();
    for (const char* name : {kSignatures, kPairs, kKept}) originals_.push_back(bytes(name));
  }

  std::string work() const { return folder_.path("work"); }
  std::string bytes(const std::string& name) const { return io::read_file_or_throw(folder_.path(name)); }
  void write(const std::string& name, const std::string& bytes) const { folder_.write(name, bytes); }

  // The files as the stages left them.
  void restore() const {
    const char* const names[] = {kSignatures, kPairs, kKept};
    for (std::size_t i = 0; i < originals_.size(); ++i) folder_.write(names[i], originals_[i]);
  }

  // A shard that is not the share's number reads the share without having verified its arrays.
  void run_pairs(io::Shard shard) const {
    dedup::PairsOptions pairs;
    pairs.stage = stage();
    pairs.stage.shard = shard;
    pairs.minhash.threshold = 0.5;
    pairs.temporary_folder = folder_.path("");
    dedup::run(pairs);
    if (!shard.is_everything()) std::filesystem::remove(dedup::pair_file_name(work(), shard));
  }
  void run_groups() const {
    dedup::GroupsOptions groups;
    groups.stage = stage();
    dedup::run(groups);
  }
  void run_filter() const {
    dedup::FilterOptions filter;
    filter.stage = stage();
    filter.output = folder_.path("out.jsonl");
    dedup::run(filter);
  }

 private:
  dedup::StageOptions stage() const {
    dedup::StageOptions stage;
    stage.folder = work();
    stage.common.threads = 1;
    stage.common.force = true;
    stage.common.progress = log::ProgressMode::off;
    return stage;
  }

  ScratchFolder folder_;
  std::vector<std::string> originals_;
};

std::uint64_t number_at(const std::string& bytes, std::size_t at) {
  std::uint64_t number = 0;
  std::memcpy(&number, bytes.data() + at, sizeof number);
  return number;
}

// The same with a right checksum of the beginning and the end; those of the arrays stay, so that only whoever
// reads an array through finds its damage.
std::string sealed(std::string bytes) {
  if (bytes.size() < 32 || bytes.size() % 8 != 0) return bytes;
  const std::size_t last = bytes.size() - 16;
  const std::uint64_t header = number_at(bytes, 8);
  const std::uint64_t sections = number_at(bytes, last);
  if (header > last - 16 || sections > (last - 16 - header) / 8) return bytes;
  const std::string told = bytes.substr(0, 16 + header) + bytes.substr(last - sections * 8, sections * 8 + 8);
  const std::uint64_t checksum = XXH3_64bits(told.data(), told.size());
  std::memcpy(bytes.data() + last + 8, &checksum, sizeof checksum);
  return bytes;
}

// Runs a reader. True when it accepted what it read.
template <class Read>
bool accepts(Read read) {
  try {
    read();
  } catch (const io::DataError&) {
    return false;
  }
  return true;
}

// A stage may also find that the input it is led to cannot be opened, or is another than it was.
template <class Run>
bool runs(Run run) {
  try {
    run();
  } catch (const std::runtime_error&) {
    return false;
  }
  return true;
}

// Of a file whose every array was read through: its numbers are those of documents and rows.
void check_numbers(const dedup::SharedCorpus& corpus) {
  for (const dedup::SignatureFile& share : corpus.shares()) {
    if (share.lines().size() != share.header().documents ||
        share.row_documents().size() != share.header().rows)
      throw std::logic_error("arrays of other lengths than the beginning says");
  }
  for (dedup::DocumentId document = 0; document < corpus.documents(); ++document) corpus.place(document);
}

const std::vector<std::string>& stage_words() {
  static const std::vector<std::string> words = {std::string(8, '\0'),
                                                 std::string(4, '\xff'),
                                                 std::string(8, '\xff'),
                                                 std::string("\1\0\0\0", 4),
                                                 "\"documents\":",
                                                 "\"rows\":",
                                                 "\"equals\":",
                                                 "\"parts\":[",
                                                 "18446744073709551615",
                                                 "4294967295",
                                                 "-1",
                                                 "        ",
                                                 "{",
                                                 "}",
                                                 ","};
  return words;
}

Target signature_files(const std::shared_ptr<StagedCorpus>& staged) {
  return {"signature_files", {staged->bytes(kSignatures)}, stage_words(), [staged](const std::string& bytes) {
            staged->write(kSignatures, bytes);
            return accepts([&] {
              const auto corpus = dedup::SharedCorpus::open_or_throw(staged->work());
              for (const dedup::SignatureFile& share : corpus.shares()) share.verify_or_throw();
              check_numbers(corpus);
            });
          }};
}

// The stages behind it, on arrays that nobody verified.
Target signatures_inside(const std::shared_ptr<StagedCorpus>& staged) {
  return {
      "signatures_inside", {staged->bytes(kSignatures)}, stage_words(), [staged](const std::string& bytes) {
        staged->restore();
        staged->write(kSignatures, sealed(bytes));
        const bool compared = runs([&] { staged->run_pairs({1, 2}); });
        runs([&] { staged->run_pairs({0, 1}); });
        runs([&] { staged->run_groups(); });
        runs([&] { staged->run_filter(); });
        return compared;
      }};
}

Target pair_files(const std::shared_ptr<StagedCorpus>& staged) {
  return {"pair_files", {staged->bytes(kPairs)}, stage_words(), [staged](const std::string& bytes) {
            staged->restore();
            staged->write(kPairs, bytes);
            const auto read = [&] {
              return accepts([&] {
                dedup::PairFile::open_or_throw(dedup::pair_file_name(staged->work(), {0, 1}));
              });
            };
            const bool accepted = read();
            staged->write(kPairs, sealed(bytes));
            return runs([&] { staged->run_groups(); }) || accepted;
          }};
}

Target kept_files(const std::shared_ptr<StagedCorpus>& staged) {
  return {"kept_files", {staged->bytes(kKept)}, stage_words(), [staged](const std::string& bytes) {
            const auto read = [&] {
              return accepts([&] {
                const auto file = dedup::read_kept_file_or_throw(dedup::kept_file_name(staged->work()));
                if (file.kept.size() != file.header.documents)
                  throw std::logic_error("flags for other documents than the beginning says");
              });
            };
            staged->write(kKept, bytes);
            const bool accepted = read();
            staged->write(kKept, sealed(bytes));
            return read() || accepted;
          }};
}

}  // namespace

std::vector<Target> all_targets() {
  const auto staged = std::make_shared<StagedCorpus>();
  return {signature_files(staged), signatures_inside(staged), pair_files(staged), kept_files(staged)};
}

}  // namespace gpt::fuzz
