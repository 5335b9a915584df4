// The WebAssembly half of the comparison, in Node and in browsers: the lines that `parity answers`
// prints, from the same file of requests.

/** @param {Uint8Array} file */
export function* readRequests(file) {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  let at = 0;
  const number = () => view.getUint32((at += 4) - 4, true);
  const bytes = () => {
    const size = number();
    return file.slice(at, (at += size));
  };
  while (at < file.length) {
    const method = new TextDecoder().decode(bytes());
    const parts = [];
    for (let count = number(); count > 0; --count) parts.push(bytes());
    yield {method, parts};
  }
}

const hex = (buffer) =>
  Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, '0')).join('');

/** Each part with its size before it, in 8 bytes. */
async function digestOf(parts) {
  const all = new Uint8Array(parts.reduce((size, part) => size + 8 + part.length, 0));
  let at = 0;
  for (const part of parts) {
    new DataView(all.buffer).setUint32(at, part.length, true);
    all.set(part, (at += 8));
    at += part.length;
  }
  return hex(await crypto.subtle.digest('SHA-256', all));
}

/** @param engine of the package: engine.js */
export async function answerLines(engine, file) {
  const lines = [];
  for (const {method, parts} of readRequests(file)) {
    lines.push(`${method} ${await digestOf(await engine.call(method, parts))}`);
  }
  return lines;
}
