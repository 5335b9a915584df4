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

    {"POST", "/v1/projects/*/releases", "ReleaseService", "CreateRelease",
     "Store versioned files of SQL as a release", &CreateRelease},
    {"GET", "/v1/projects/*/releases/*", "ReleaseService", "GetRelease",
     "A release with its files and their statements", &GetRelease},
    {"GET", "/v1/projects/*/releases", "ReleaseService", "ListReleases",
     "Releases, newest first, without statements; showDeleted=true lists deleted ones too",
     &ListReleases},
    {"PATCH", "/v1/projects/*/releases/*", "ReleaseService", "UpdateRelease",
     "Change the title of a release", &UpdateRelease},
    {"DELETE", "/v1/projects/*/releases/*", "ReleaseService", "DeleteRelease",
     "Mark a release as deleted", &DeleteRelease},
    {"POST", "/v1/projects/*/releases/*:undelete", "ReleaseService", "UndeleteRelease",
     "Take a deleted release back", &UndeleteRelease},
    {"POST", "/v1/projects/*/releases:check", "ReleaseService", "CheckRelease",
     "What is wrong with the files of a release on each target", &CheckRelease},

    {"POST", "/v1/projects/*:previewPlan", "PlanService", "PreviewPlan",
     "The plan that brings targets to a release", &PreviewPlan},
};

}  // namespace

std::span<const Route> Routes() {
  return kRoutes;
}

}  // namespace lockstep::service
