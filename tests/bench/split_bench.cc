// How fast sheets are split, per dialect, beside a memchr for the terminator over the same bytes
// (which is what a splitter without any rules would be) and a plain look at every byte.
#include <chrono>
#include <cstdio>
#include <cstring>
#include <string>

#include "core/sql/splitter.h"

namespace lockstep::sql {
namespace {

constexpr std::size_t kBytes = 32u << 20;

std::string Repeat(std::string_view piece) {
  std::string text;
  text.reserve(kBytes + piece.size());
  while (text.size() < kBytes) text += piece;
  return text;
}

/// Best of three, in MB/s.
template <class Work>
double Speed(std::size_t bytes, Work work) {
  double best = 0;
  for (int i = 0; i < 3; ++i) {
    const auto start = std::chrono::steady_clock::now();
    work();
    const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start;
    best = std::max(best, static_cast<double>(bytes) / 1e6 / spent.count());
  }
  return best;
}

volatile std::size_t sink = 0;

void Measure(const char* what, const std::string& text) {
  const double terminators = Speed(text.size(), [&] {
    std::size_t count = 0;
    const char* at = text.data();
    const char* const end = at + text.size();
    while ((at = static_cast<const char*>(
                std::memchr(at, ';', static_cast<std::size_t>(end - at)))) != nullptr)
      ++at, ++count;
    sink = count;
  });
  const double bytes = Speed(text.size(), [&] {
    std::size_t count = 0;
    for (const char c : text) count = count * 31 + static_cast<unsigned char>(c);
    sink = count;
  });
  std::printf("%-28s memchr %6.0f MB/s, every byte %5.0f MB/s\n", what, terminators, bytes);
  struct {
    const char* name;
    Dialect dialect;
  } dialects[] = {{"postgres", Dialect::kPostgres},     {"mysql", Dialect::kMysql},
                  {"sqlite", Dialect::kSqlite},         {"oracle", Dialect::kOracle},
                  {"mssql", Dialect::kMssql},           {"firebird", Dialect::kFirebird},
                  {"clickhouse", Dialect::kClickhouse}, {"snowflake", Dialect::kSnowflake},
                  {"duckdb", Dialect::kDuckdb}};
  for (const auto& [name, dialect] : dialects) {
    std::size_t statements = 0;
    const double speed =
        Speed(text.size(), [&] { statements = Split(dialect, text).statements.size(); });
    std::printf("  %-12s %6.0f MB/s  %.2f of every byte  (%zu statements)\n", name, speed,
                speed / bytes, statements);
  }
}

}  // namespace
}  // namespace lockstep::sql

int main() {
  using lockstep::sql::Measure;
  using lockstep::sql::Repeat;
  Measure("inserts (a dump)", Repeat("INSERT INTO orders VALUES (1001, 'Ada Lovelace', '12 St "
                                     "James''s Square', 42.50, NULL, '2026-11-22');\n"));
  Measure("wide inserts", Repeat("INSERT INTO t VALUES (1,'some longer text that is stored in the "
                                 "table and has no quote in it at all'),"
                                 "(2,'another one, with commas, and 100% more text than the one "
                                 "before it, to be stored');\n"));
  Measure("DDL with comments",
          Repeat("-- the people\nCREATE TABLE IF NOT EXISTS person (\n  id INTEGER PRIMARY KEY, /* "
                 "surrogate */\n"
                 "  name TEXT NOT NULL DEFAULT 'x',\n  born DATE CHECK (born > "
                 "'1900-01-01')\n);\nCREATE INDEX person_name ON person (name);\n"));
  return 0;
}
