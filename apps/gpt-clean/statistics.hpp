#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <string>

#include "apps/gpt-clean/statistics_distribution.hpp"

namespace gpt::clean {

// Of some of the documents: those in one language.
struct Share {
  std::uint64_t documents = 0;
  std::uint64_t characters = 0;
  std::uint64_t words = 0;

  void absorb(const Share& other);
};

using Shares = std::map<std::string, Share>;

// What some documents hold. Characters are code points; words hold a letter or a digit.
struct Figures {
  std::uint64_t bytes = 0;  // of text in UTF-8
  Distribution characters_per_document;
  Distribution words_per_document;
  Distribution sentences_per_document;
  Distribution characters_per_sentence;
  Distribution words_per_sentence;
  Distribution tokens_per_document;  // these two empty where no vocabulary was given
  Distribution tokens_per_sentence;
  Shares languages;  // by code; empty where they were not identified

  std::uint64_t documents() const { return characters_per_document.count(); }
  std::uint64_t characters() const { return characters_per_document.sum(); }
  void absorb(const Figures& other);
};

// The figures of the documents of each source. Only so many sources are kept: those with the most documents
// (then characters, then by name); what the others hold is added up. Nothing is lost but the names of small
// sources, and with no more sources than the limit nothing at all.
class Sources {
 public:
  static constexpr std::size_t kNoLimit = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t kLongestName = 256;  // bytes; longer ones are cut

  Sources() = default;
  explicit Sources(std::size_t most) : most_(most) {}

  // To add a document to.
  Figures& of(const std::string& name);
  void set_others(const Figures& others) { others_ = others; }

  // The limit stays this one's. Twice as many sources are held for a while, so that those that come again are
  // not lost too soon: call keep_largest when all is added.
  void absorb(const Sources& other);
  void keep_largest();

  const std::map<std::string, Figures>& named() const { return named_; }
  const Figures& others() const { return others_; }

 private:
  std::size_t most_ = kNoLimit;
  std::map<std::string, Figures> named_;
  Figures others_;
};

// What a corpus holds. docs/formats/statistics.md describes the JSON it is written as.
struct Statistics : Figures {
  Sources sources;  // by the value of a field; empty where none was asked for

  void absorb(const Statistics& other);
};

}  // namespace gpt::clean
