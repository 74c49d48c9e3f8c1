#include "apps/gpt-crawl/frontier/sqlite.hpp"

#include <sqlite3.h>

#include "libcommon/io/errors.hpp"

namespace gpt::crawl {

void Statement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
void Database::Close::operator()(sqlite3* handle) const { sqlite3_close(handle); }

Statement& Statement::bind(int position, std::string_view text) {
  // Bytes are copied: what they lie in may be gone when the statement runs.
  sqlite3_bind_text64(statement_.get(), position, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  return *this;
}

Statement& Statement::bind(int position, std::int64_t number) {
  sqlite3_bind_int64(statement_.get(), position, number);
  return *this;
}

bool Statement::step_or_throw() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  sqlite3_reset(statement_.get());
  if (code != SQLITE_DONE) database_->fail("cannot keep the crawl's state");
  return false;
}

int Statement::run_or_throw() {
  while (step_or_throw()) {
  }
  return sqlite3_changes(database_->handle_.get());
}

std::string Statement::text(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_.get(), column));
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return bytes == nullptr ? std::string() : std::string(bytes, static_cast<std::size_t>(size));
}

std::int64_t Statement::number(int column) const { return sqlite3_column_int64(statement_.get(), column); }

Database::Database(const std::string& path) : path_(path) {
  sqlite3* handle = nullptr;
  const int code = sqlite3_open(path.c_str(), &handle);
  handle_.reset(handle);
  if (code != SQLITE_OK) fail("cannot open the crawl's state");
  // The lock is taken by the first write and kept, so that a second crawl of the same output is told.
  execute_or_throw("PRAGMA locking_mode = EXCLUSIVE");
  execute_or_throw("PRAGMA synchronous = NORMAL");
}

void Database::execute_or_throw(const char* sql) {
  if (sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK)
    fail("cannot keep the crawl's state");
}

Statement Database::prepare_or_throw(const char* sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(handle_.get(), sql, -1, &statement, nullptr) != SQLITE_OK)
    fail("cannot read the crawl's state");
  return {*this, statement};
}

void Database::fail(const std::string& action) const {
  const int code = sqlite3_errcode(handle_.get());
  if (code == SQLITE_BUSY) throw io::IoError(path_, "another gpt-crawl is using this crawl's state", 0);
  if (code == SQLITE_NOTADB)
    throw io::IoError(path_, "is not the state of a crawl; move it away or choose another output", 0);
  throw io::IoError(path_.empty() ? "temporary state" : path_,
                    action + " (" + sqlite3_errmsg(handle_.get()) + ")", 0);
}

}  // namespace gpt::crawl
