// Following a run while it goes on: an event file that grows, on this disk or on this site, or
// events that a server sends.
import type {ReactiveController, ReactiveControllerHost} from 'lit';

import {fetchText} from './files.js';

const every = 1000;

/** The whole text, or null when nothing has changed. */
type Read = () => Promise<string | null>;

/** Pieces of whole lines; ends with the run. */
type Stream = (signal: AbortSignal) => AsyncIterable<string>;

export class Follower implements ReactiveController {
  /** The name of what is followed, or "". */
  following = '';
  #timer = 0;
  #streaming = new AbortController();

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
    this.#streaming.abort();
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

  /** @param events those that are there already. */
  async followStream(name: string, events: string, stream: Stream) {
    this.stop();
    this.#show(name);
    const {signal} = (this.#streaming = new AbortController());
    try {
      for await (const lines of stream(signal)) {
        if (signal.aborted) return;
        events += lines;
        this.grown(events);
      }
      if (!signal.aborted) this.stop();
    } catch (error) {
      if (!signal.aborted) this.#fail(error as Error);
    }
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
      if (this.following === name) this.#fail(error as Error);
    }
  }

  #fail({message}: Error) {
    this.stop();
    this.failed(`The run is no longer followed: ${message}`);
  }

  #show(following: string) {
    this.following = following;
    this.host.requestUpdate();
  }
}
