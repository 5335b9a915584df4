// Commands of clients that look like the first words of a statement.
#include "core/base/text.h"
#include "core/sql/classify.h"

namespace lockstep::sql {

using enum Word;

bool IsClientCommand(Dialect dialect, Word first, std::string_view second) {
  switch (dialect) {
    case Dialect::kMysql:
      return OneOf(first, {SOURCE,          SYSTEM, TEE,    NOTEE,    PAGER,     NOPAGER,
                           PRINT,           EDIT,   EGO,    GO,       EXIT,      QUIT,
                           CONNECT,         REHASH, STATUS, WARNINGS, NOWARNING, CHARSET,
                           RESETCONNECTION, CLEAR,  PROMPT});
    case Dialect::kOracle:
      if (first == SET)
        return !OneOf(FindWord(second), {ROLE, TRANSACTION, CONSTRAINT, CONSTRAINTS});
      return OneOf(first,
                   {ACCEPT, ARCHIVE, BTITLE,   CLEAR,      COLUMN,   COMPUTE,  CONNECT, COPY,
                    DEFINE, DESC,    DESCRIBE, DISCONNECT, EDIT,     EXEC,     EXECUTE, EXIT,
                    GET,    HELP,    HOST,     LIST,       PASSWORD, PAUSE,    PRINT,   PROMPT,
                    QUIT,   RUN,     SAVE,     SHOW,       SHUTDOWN, SPOOL,    START,   STARTUP,
                    STORE,  TIMING,  TTITLE,   UNDEFINE,   VAR,      VARIABLE, WHENEVER});
    case Dialect::kFirebird:
      if (first == SET) {
        return !IsNamed(second, {"TRANSACTION", "GENERATOR", "STATISTICS", "ROLE", "TRUSTED",
                                 "TIME", "BIND", "DECFLOAT", "SESSION", "TERM"});
      }
      return OneOf(first, {SHELL, IN, INPUT, OUT, OUTPUT, CONNECT, EDIT, EXIT, QUIT, SHOW, HELP,
                           ADD, COPY, BLOBDUMP, BLOBVIEW});
    default:
      return false;
  }
}

}  // namespace lockstep::sql
