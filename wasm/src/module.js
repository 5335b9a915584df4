// Which WebAssembly module, and from where.

// A function that returns a v128: valid where there is SIMD.
const simdProbe = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15,
  253, 98, 11,
]);

/** 'simd', or 'scalar' where the engine has no WebAssembly SIMD. */
export function bestKernel() {
  return WebAssembly.validate(simdProbe) ? 'simd' : 'scalar';
}

/**
 * @param source A module, its bytes, a Response, or where to fetch it; or a promise of one of these.
 * @returns {Promise<WebAssembly.Module>}
 */
export async function compile(source) {
  const given = await source;
  if (given instanceof WebAssembly.Module) return given;
  if (given instanceof ArrayBuffer || ArrayBuffer.isView(given)) return WebAssembly.compile(given);
  const response = given instanceof Response ? given : await fetch(given);
  if (!response.ok) throw new Error(`cannot load ${response.url}: HTTP ${response.status}`);
  // Compiled while it comes, if the server calls it application/wasm.
  if (response.headers.get('Content-Type')?.startsWith('application/wasm')) {
    return WebAssembly.compileStreaming(response);
  }
  return WebAssembly.compile(await response.arrayBuffer());
}
