#include "core/service/status.h"

#include <iterator>

#include "core/base/json_writer.h"

namespace lockstep::service {
namespace {

struct Row {
  base::ErrorCode code;
  int grpc;
  int http;
};
constexpr Row kRows[] = {
    {base::ErrorCode::kInvalidArgument, 3, 400},   {base::ErrorCode::kNotFound, 5, 404},
    {base::ErrorCode::kAlreadyExists, 6, 409},     {base::ErrorCode::kPermissionDenied, 7, 403},
    {base::ErrorCode::kResourceExhausted, 8, 429}, {base::ErrorCode::kFailedPrecondition, 9, 400},
    {base::ErrorCode::kUnimplemented, 12, 501},    {base::ErrorCode::kIo, 13, 500},
    {base::ErrorCode::kCorrupt, 13, 500},          {base::ErrorCode::kUnavailable, 14, 503},
    {base::ErrorCode::kUnauthenticated, 16, 401},
};

const Row& RowOf(base::ErrorCode code) {
  for (const Row& row : kRows) {
    if (row.code == code) return row;
  }
  base::CheckFailed(__FILE__, __LINE__, "code", "an error without a status");
}

}  // namespace

int GrpcCode(base::ErrorCode code) {
  return RowOf(code).grpc;
}

int HttpStatus(base::ErrorCode code) {
  return RowOf(code).http;
}

std::optional<base::ErrorCode> CodeOfGrpc(std::string_view number) {
  for (const Row& row : kRows) {
    if (std::to_string(row.grpc) == number) return row.code;
  }
  return std::nullopt;
}

base::ErrorCode CodeOfHttpStatus(int status) {
  for (const Row& row : kRows) {
    if (row.http == status) return row.code;
  }
  return status < 500 ? base::ErrorCode::kInvalidArgument : base::ErrorCode::kUnavailable;
}

std::string ErrorJson(const base::Error& error) {
  base::JsonWriter writer;
  writer.BeginObject().Member("code", GrpcCode(error.code)).Member("message", error.message);
  return writer.Key("details").BeginArray().EndArray().EndObject().Take();
}

}  // namespace lockstep::service
