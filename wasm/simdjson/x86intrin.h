// What simdjson's westmere kernel takes from x86 and Emscripten's SSE headers do not have. Found
// instead of the system's header.
#pragma once

#include <nmmintrin.h>
#include <stdint.h>

static inline __attribute__((always_inline)) long long _popcnt64(long long bits) {
  return __builtin_popcountll((unsigned long long)bits);
}

// simdjson multiplies by all ones only, which makes a prefix XOR of the low 64 bits. The kernels'
// parity tests would show another use.
static inline __attribute__((always_inline)) __m128i _mm_clmulepi64_si128(__m128i a, __m128i,
                                                                          const int) {
  uint64_t bits = (uint64_t)wasm_i64x2_extract_lane((v128_t)a, 0);
  for (int shift = 1; shift < 64; shift *= 2) bits ^= bits << shift;
  return (__m128i)wasm_i64x2_make((int64_t)bits, 0);
}
