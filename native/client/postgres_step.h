// What a statement is to PostgreSQL when a sheet is applied step by step.
#pragma once

#include "native/client/steps.h"

namespace lockstep::client {

StepKind PostgresStepKind(const TaskScript& task, std::size_t statement);

/// Whether the sheet is applied step by step.
bool IsStepwiseOnPostgres(const TaskScript& task);

/// Not WITH … INSERT, not SELECT … INTO: what psql may fetch in portions, so that a large answer
/// does not fill the memory.
bool IsPlainQuery(const TaskScript& task, std::size_t statement);

}  // namespace lockstep::client
