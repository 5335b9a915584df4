// The events of a rollout as its server tells them, over connections that may be lost.
import {readEvents} from './event-stream.js';
import {ServerError, type Server} from './server.js';

const firstPause = 1000;
const longestPause = 30_000;
/** The server says something more often, if only a comment: a silent connection is none. */
const longestSilence = 60_000;

/**
 * NDJSON behind the event of that sequence number, in pieces of whole lines. Ends with the rollout;
 * throws what a server answers that refuses; tries again for ever when it can't be reached.
 * @param connected is told whenever the connection is there, or lost.
 */
export async function* rolloutEvents(
  server: Server,
  rollout: string,
  after: string,
  connected: (is: boolean) => void,
  signal: AbortSignal,
): AsyncGenerator<string, void> {
  let pause = firstPause;
  while (!signal.aborted) {
    const silence = new Watch(longestSilence);
    try {
      const body = await server.events(rollout, after, AbortSignal.any([signal, silence.signal]));
      connected(true);
      for await (const events of readEvents(body)) {
        silence.restart();
        pause = firstPause;
        const lines = events.filter(({type}) => type === 'message');
        if (lines.length) {
          after = lines[lines.length - 1].id;
          yield lines.map(({data}) => `${data}\n`).join('');
        }
        if (events.some(({type}) => type === 'end')) return;
      }
    } catch (error) {
      if (signal.aborted) return;
      // Of what a server refuses, only its own failures pass by themselves.
      if (error instanceof ServerError && error.status < 500) throw error;
    } finally {
      silence.stop();
    }
    connected(false);
    await wait(pause, signal);
    pause = Math.min(pause * 2, longestPause);
  }
}

/** Aborts when it is not started again in time. */
class Watch {
  #controller = new AbortController();
  #timer = 0;
  constructor(private readonly time: number) {
    this.restart();
  }
  get signal() {
    return this.#controller.signal;
  }
  restart() {
    this.stop();
    this.#timer = window.setTimeout(() => this.#controller.abort(), this.time);
  }
  stop() {
    clearTimeout(this.#timer);
  }
}

const wait = (time: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, time);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
