// libpq, loaded when a ledger is on a server and not before: with what it needs itself (Kerberos,
// LDAP, TLS …) it would double the time that every other command takes to start.
//
// The functions have their own names in this namespace, and are called as if they were linked.
#pragma once

#include <libpq-fe.h>

#include "core/base/result.h"

namespace lockstep::ledger {

/// kUnavailable when it is not installed, or lacks one of the functions below.
base::Status LoadLibpq();

/// REQUIRES that LoadLibpq was fine.
template <class Function>
struct LibpqFunction {
  template <class... Arguments>
  auto operator()(Arguments... arguments) const {
    return function(arguments...);
  }
  Function* function = nullptr;
};

#define LOCKSTEP_LIBPQ_FUNCTIONS(F) \
  F(PQbackendPID)                   \
  F(PQclear)                        \
  F(PQconnectdbParams)              \
  F(PQconninfoFree)                 \
  F(PQconninfoParse)                \
  F(PQconsumeInput)                 \
  F(PQenterPipelineMode)            \
  F(PQerrorMessage)                 \
  F(PQexitPipelineMode)             \
  F(PQfinish)                       \
  F(PQflush)                        \
  F(PQfreemem)                      \
  F(PQftype)                        \
  F(PQgetResult)                    \
  F(PQgetisnull)                    \
  F(PQgetlength)                    \
  F(PQgetvalue)                     \
  F(PQisBusy)                       \
  F(PQnotifies)                     \
  F(PQntuples)                      \
  F(PQpipelineStatus)               \
  F(PQpipelineSync)                 \
  F(PQresultErrorField)             \
  F(PQresultErrorMessage)           \
  F(PQresultStatus)                 \
  F(PQsendQuery)                    \
  F(PQsendQueryParams)              \
  F(PQsetNoticeProcessor)           \
  F(PQsetnonblocking)               \
  F(PQsocket)                       \
  F(PQstatus)                       \
  F(PQunescapeBytea)

#define LOCKSTEP_LIBPQ_DECLARE(name) extern LibpqFunction<decltype(::name)> name;
LOCKSTEP_LIBPQ_FUNCTIONS(LOCKSTEP_LIBPQ_DECLARE)
#undef LOCKSTEP_LIBPQ_DECLARE

}  // namespace lockstep::ledger
