// simdjson for WebAssembly. It has no kernel for it, but its westmere kernel compiles to 128-bit
// WebAssembly SIMD through Emscripten's SSE headers and is 2 to 3 times as fast as the portable
// one. Only simdjson may believe that this is x86-64, so the macro ends with it.
#pragma once

#ifdef __wasm_simd128__
#define _M_AMD64 1
#define __PCLMUL__ 1
#define SIMDJSON_IMPLEMENTATION_ICELAKE 0
#define SIMDJSON_IMPLEMENTATION_HASWELL 0
#endif
#include_next <simdjson.h>
#undef _M_AMD64
