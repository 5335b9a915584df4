#include "core/sql/splitter.h"

#include "core/sql/statement_splitter.h"

namespace lockstep::sql {

SplitResult Split(Dialect dialect, std::string_view text) {
  return StatementSplitter(dialect, text).Run();
}

}  // namespace lockstep::sql
