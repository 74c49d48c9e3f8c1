#include "apps/gpt-clean/statistics.hpp"

#include <algorithm>
#include <string_view>
#include <tuple>
#include <vector>

#include "libcommon/text/utf8.hpp"

namespace gpt::clean {

void Share::absorb(const Share& other) {
  documents += other.documents;
  characters += other.characters;
  words += other.words;
}

void Figures::absorb(const Figures& other) {
  bytes += other.bytes;
  characters_per_document.absorb(other.characters_per_document);
  words_per_document.absorb(other.words_per_document);
  sentences_per_document.absorb(other.sentences_per_document);
  characters_per_sentence.absorb(other.characters_per_sentence);
  words_per_sentence.absorb(other.words_per_sentence);
  tokens_per_document.absorb(other.tokens_per_document);
  tokens_per_sentence.absorb(other.tokens_per_sentence);
  for (const auto& [name, share] : other.languages) languages[name].absorb(share);
}

Figures& Sources::of(const std::string& name) {
  return name.size() <= kLongestName ? named_[name]
                                     : named_[std::string(text::utf8_front(name, kLongestName))];
}

void Sources::absorb(const Sources& other) {
  for (const auto& [name, figures] : other.named_) of(name).absorb(figures);
  others_.absorb(other.others_);
  if (named_.size() > most_ && named_.size() - most_ > most_) keep_largest();
}

void Sources::keep_largest() {
  if (named_.size() <= most_) return;
  std::vector<std::map<std::string, Figures>::iterator> ordered;
  ordered.reserve(named_.size());
  for (auto at = named_.begin(); at != named_.end(); ++at) ordered.push_back(at);
  const auto first_to_go = ordered.begin() + static_cast<std::ptrdiff_t>(most_);
  std::nth_element(ordered.begin(), first_to_go, ordered.end(), [](const auto& a, const auto& b) {
    return std::tuple(b->second.documents(), b->second.characters(), std::string_view(a->first)) <
           std::tuple(a->second.documents(), a->second.characters(), std::string_view(b->first));
  });
  for (auto at = first_to_go; at != ordered.end(); ++at) {
    others_.absorb((*at)->second);
    named_.erase(*at);
  }
}

void Statistics::absorb(const Statistics& other) {
  Figures::absorb(other);
  sources.absorb(other.sources);
}

}  // namespace gpt::clean
