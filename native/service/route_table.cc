#include "native/service/methods.h"
#include "native/service/routes.h"

namespace lockstep::service {
namespace {

constexpr Route kRoutes[] = {
    {"POST", "/v1/projects/*/sheets", "SheetService", "CreateSheet", "Store a sheet of SQL",
     &CreateSheet},
    {"POST", "/v1/projects/*/sheets:batchCreate", "SheetService", "BatchCreateSheets",
     "Store several sheets, all or none", &BatchCreateSheets},
    {"GET", "/v1/projects/*/sheets/*", "SheetService", "GetSheet",
     "A sheet; its content is cut at 2 MiB unless raw=true", &GetSheet},
    {"GET", "/v1/projects/*/sheets", "SheetService", "ListSheets",
     "Sheets, newest first, without their content", &ListSheets},
    {"PATCH", "/v1/projects/*/sheets/*", "SheetService", "UpdateSheet",
     "Change title or content of a sheet", &UpdateSheet},
};

}  // namespace

std::span<const Route> Routes() {
  return kRoutes;
}

}  // namespace lockstep::service
