// Following a run while it goes on: an event file that grows, on this disk or on this site.

export interface Follower {
  stop(): void;
}

const every = 1000;

/** `read` answers the whole text, or null when nothing has changed. */
function poll(
  read: () => Promise<string | null>,
  changed: (text: string) => void,
  failed: (error: Error) => void,
): Follower {
  let stopped = false;
  const round = async () => {
    if (stopped) return;
    try {
      const text = await read();
      if (text !== null && !stopped) changed(text);
      setTimeout(round, every);
    } catch (error) {
      failed(error as Error);
    }
  };
  void round();
  return {stop: () => (stopped = true)};
}

export function followFile(
  handle: FileSystemFileHandle,
  changed: (text: string) => void,
  failed: (error: Error) => void,
) {
  let size = -1;
  return poll(
    async () => {
      const file = await handle.getFile();
      if (file.size === size) return null;
      size = file.size;
      return file.text();
    },
    changed,
    failed,
  );
}

export function followUrl(
  url: string,
  changed: (text: string) => void,
  failed: (error: Error) => void,
) {
  let before = '';
  return poll(
    async () => {
      const response = await fetch(url, {cache: 'no-store'});
      if (!response.ok) throw new Error(`${url} answered ${response.status}`);
      const text = await response.text();
      if (text === before) return null;
      before = text;
      return text;
    },
    changed,
    failed,
  );
}
