// Whether two answers of the core say the same: JSON, and columns of numbers.
export function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b) return false;
  if (ArrayBuffer.isView(a)) return ArrayBuffer.isView(b) && sameBytes(bytes(a), bytes(b));
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => key in b && same(a[key as keyof object], b[key as keyof object]))
  );
}

const bytes = ({buffer, byteOffset, byteLength}: ArrayBufferView) =>
  new Uint8Array(buffer, byteOffset, byteLength);

function sameBytes(a: Uint8Array, b: Uint8Array) {
  if (a.length !== b.length) return false;
  for (let place = 0; place < a.length; ++place) if (a[place] !== b[place]) return false;
  return true;
}
