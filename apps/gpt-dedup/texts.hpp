#pragma once

#include <string>

#include "apps/gpt-dedup/catalogue.hpp"

namespace gpt::dedup {

// Texts of documents by their number. Any thread may call it.
class Texts {
 public:
  virtual ~Texts() = default;
  virtual std::string text_or_throw(DocumentId document) const = 0;
};

}  // namespace gpt::dedup
