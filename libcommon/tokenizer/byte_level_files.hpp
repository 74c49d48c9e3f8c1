#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "libcommon/tokenizer/byte_level_bpe.hpp"

namespace gpt::tokenizer {

// Where --vocab-file and --merge-file say that a byte-level BPE vocabulary lies: in vocab.json and
// merges.txt, or, where merges are not given, in a tokenizer.json or a folder that holds one.
struct ByteLevelFiles {
  std::string vocabulary;
  std::optional<std::string> merges;
};

struct NamedContent {
  std::string name;  // vocab.json, merges.txt or tokenizer.json
  std::string content;
};

// A vocabulary and the files it was read from, under the names they have in a model's folder.
struct ByteLevelVocabulary {
  ByteLevelBpe tokens;
  std::string path;  // of the first of them, for messages
  std::vector<NamedContent> files;
};

// Throws io::IoError, io::DataError.
ByteLevelVocabulary read_vocabulary_or_throw(const ByteLevelFiles& files);

// The vocabulary in a model's folder: its tokenizer.json, which alone says how text is split, else its
// vocab.json and merges.txt; empty when it holds neither.
//   read: a file of the folder by its name, empty where there is none; folder: for messages
std::optional<ByteLevelVocabulary> read_vocabulary_or_throw(
    const std::string& folder, const std::function<std::optional<std::string>(const std::string&)>& read);

}  // namespace gpt::tokenizer
