// Following a run while it goes on: an event file that grows, on this disk or on this site.
import type {ReactiveController, ReactiveControllerHost} from 'lit';

import {fetchText} from './files.js';

const every = 1000;

/** The whole text, or null when nothing has changed. */
type Read = () => Promise<string | null>;

export class Follower implements ReactiveController {
  /** The name of what is followed, or "". */
  following = '';
  #timer = 0;

  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly grown: (events: string) => void,
    private readonly failed: (message: string) => void,
  ) {
    host.addController(this);
  }

  hostDisconnected() {
    this.stop();
  }

  stop() {
    clearTimeout(this.#timer);
    this.#show('');
  }

  /** The one that somebody picks; browsers without that dialog have no way to read a file again. */
  async pickFile() {
    const picker = window as unknown as {
      showOpenFilePicker(): Promise<FileSystemFileHandle[]>;
    };
    const [handle] = await picker.showOpenFilePicker().catch(() => []);
    if (!handle) return;
    let size = -1;
    this.#follow(handle.name, async () => {
      const file = await handle.getFile();
      if (file.size === size) return null;
      size = file.size;
      return file.text();
    });
  }

  followUrl(url: string) {
    let before = '';
    this.#follow(url, async () => {
      const text = await fetchText(url);
      if (text === before) return null;
      before = text;
      return text;
    });
  }

  #follow(name: string, read: Read) {
    this.stop();
    this.#show(name);
    void this.#look(name, read);
  }

  async #look(name: string, read: Read) {
    try {
      const text = await read();
      if (this.following !== name) return;
      if (text !== null) this.grown(text);
      this.#timer = window.setTimeout(() => void this.#look(name, read), every);
    } catch (error) {
      if (this.following !== name) return;
      this.stop();
      this.failed(`The run is no longer followed: ${(error as Error).message}`);
    }
  }

  #show(following: string) {
    this.following = following;
    this.host.requestUpdate();
  }
}
