// One kernel of simdjson, compiled once with WebAssembly SIMD and once without.
#include <simdjson.h>
// Behind the header: simdjson.cpp includes it again, from its own folder, and finds it guarded.
#include <simdjson.cpp>
