// Share links: the documents, compressed, in the fragment, which browsers send to nobody.
import type {Doc, Workspace} from './workspace.js';

const prefix = '#v1:';

async function pipe(bytes: Uint8Array<ArrayBuffer>, transform: GenericTransformStream) {
  const stream = new Blob([bytes]).stream().pipeThrough(transform);
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

export interface ShareOptions {
  sheets: boolean;
  inventory: boolean;
}

export async function toFragment({docs}: Workspace, options: ShareOptions) {
  const shared = docs.filter(
    ({kind}) => (kind !== 'sheet' || options.sheets) && (kind !== 'inventory' || options.inventory),
  );
  const text = new TextEncoder().encode(JSON.stringify(shared));
  const bytes = await pipe(text, new CompressionStream('deflate-raw'));
  let binary = '';
  for (let at = 0; at < bytes.length; at += 0x8000) {
    binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  }
  return prefix + btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** Null when the fragment is no share link; rejects when it is a broken one. */
export async function fromFragment(fragment: string): Promise<Workspace | null> {
  if (!fragment.startsWith(prefix)) return null;
  try {
    const base64 = fragment.slice(prefix.length).replaceAll('-', '+').replaceAll('_', '/');
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const text = await pipe(bytes, new DecompressionStream('deflate-raw'));
    const docs = JSON.parse(new TextDecoder().decode(text)) as Doc[];
    const ok = docs.every(({kind, name, text: content}) =>
      [kind, name, content].every((part) => typeof part === 'string'),
    );
    if (!ok || !docs.some(({kind}) => kind === 'plan')) throw new Error('no plan in it');
    return {
      docs: docs.map(({kind, name, text: content}) => ({kind, name, text: content})),
      events: null,
    };
  } catch (cause) {
    throw new Error('This share link is damaged: part of it was cut off or changed.', {cause});
  }
}
