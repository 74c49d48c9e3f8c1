#include "apps/gpt-clean/vocabulary.hpp"

#include <map>
#include <mutex>
#include <utility>

#include "libcommon/cli/errors.hpp"
#include "libcommon/io/errors.hpp"

namespace gpt::clean {
namespace {

std::shared_ptr<const tokenizer::Tokenizer> load_or_throw(const std::string& vocab_file,
                                                          const std::string& merge_file) {
  tokenizer::TokenizerFiles files;
  files.vocabulary = vocab_file;
  files.merges = merge_file;
  if (merge_file.empty()) files.type = tokenizer::TokenizerType::hugging_face;
  try {
    return std::make_shared<const tokenizer::Tokenizer>(tokenizer::Tokenizer::load_or_throw(files));
  } catch (const io::DataError& error) {
    if (!merge_file.empty()) throw;
    throw std::runtime_error(std::string(error.what()) +
                             " (a vocab.json needs its merges.txt: --merge-file FILE)");
  }
}

}  // namespace

std::shared_ptr<const tokenizer::Tokenizer> shared_tokenizer_or_throw(const std::string& vocab_file,
                                                                      const std::string& merge_file) {
  if (vocab_file.empty()) {
    if (!merge_file.empty())
      throw cli::UsageError(merge_file + " has the merges of a vocab.json: name that too (--vocab-file)");
    return nullptr;
  }
  static std::mutex mutex;
  static std::map<std::pair<std::string, std::string>, std::weak_ptr<const tokenizer::Tokenizer>> known;
  const std::lock_guard lock(mutex);
  auto& entry = known[{vocab_file, merge_file}];
  auto tokenizer = entry.lock();
  if (!tokenizer) {
    tokenizer = load_or_throw(vocab_file, merge_file);
    entry = tokenizer;
  }
  return tokenizer;
}

}  // namespace gpt::clean
