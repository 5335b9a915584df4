#include "native/ledger/libpq.h"

#include <dlfcn.h>

#include <string>

namespace lockstep::ledger {
namespace {

/// The name that its binary interface has had since 2005.
constexpr char kLibrary[] = "libpq.so.5";

base::Status Problem() {
  const char* const why = dlerror();
  return base::Error{base::ErrorCode::kUnavailable,
                     "a ledger on a PostgreSQL server needs its client library (Debian: libpq5; 14 "
                     "or newer): " +
                         std::string(why == nullptr ? kLibrary : why)};
}

template <class Function>
bool Find(void* library, const char* name, LibpqFunction<Function>& to) {
  to.function = reinterpret_cast<Function*>(dlsym(library, name));  // NOLINT: POSIX allows it
  return to.function != nullptr;
}

}  // namespace

#define LOCKSTEP_LIBPQ_DEFINE(name) LibpqFunction<decltype(::name)> name;
LOCKSTEP_LIBPQ_FUNCTIONS(LOCKSTEP_LIBPQ_DEFINE)
#undef LOCKSTEP_LIBPQ_DEFINE

namespace {

base::Status Load() {
  void* const library = dlopen(kLibrary, RTLD_NOW | RTLD_LOCAL);  // until the process ends
  if (library == nullptr) return Problem();
#define LOCKSTEP_LIBPQ_FIND(name) \
  if (!Find(library, #name, name)) return Problem();
  LOCKSTEP_LIBPQ_FUNCTIONS(LOCKSTEP_LIBPQ_FIND)
#undef LOCKSTEP_LIBPQ_FIND
  return {};
}

}  // namespace

base::Status LoadLibpq() {
  static const base::Status loaded = Load();  // once, whichever thread comes first
  return loaded;
}

}  // namespace lockstep::ledger
