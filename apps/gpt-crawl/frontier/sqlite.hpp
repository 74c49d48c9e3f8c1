#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace gpt::crawl {

class Database;

// A prepared statement, run again and again. Values are bound by position, from 1.
class Statement {
 public:
  Statement& bind(int position, std::string_view text);
  Statement& bind(int position, std::int64_t number);

  // The next row; false at the end, after which it can be bound and run anew. Throws io::IoError.
  bool step_or_throw();
  // Runs a statement that gives no rows; returns how many rows it changed.
  int run_or_throw();

  std::string text(int column) const;  // columns count from 0
  std::int64_t number(int column) const;

 private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  Statement(Database& database, sqlite3_stmt* statement) : database_(&database), statement_(statement) {}
  Database* database_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

// A SQLite database in a file, used by this process alone. Errors are io::IoError and name the file.
class Database {
 public:
  // An empty path is a temporary database that goes with the object. Throws when the file is in use by
  // another process or is no database.
  explicit Database(const std::string& path);

  void execute_or_throw(const char* sql);
  Statement prepare_or_throw(const char* sql);
  const std::string& path() const { return path_; }

 private:
  friend class Statement;
  struct Close {
    void operator()(sqlite3* handle) const;
  };
  [[noreturn]] void fail(const std::string& action) const;

  std::string path_;
  std::unique_ptr<sqlite3, Close> handle_;
};

}  // namespace gpt::crawl
