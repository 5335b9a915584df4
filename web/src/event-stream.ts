// Server-sent events, read from the body of an answer: EventSource can send no token.

export interface ServerEvent {
  /** The last one that was sent, also when it came with an earlier event. */
  readonly id: string;
  readonly type: string;
  readonly data: string;
}

/** As they arrive; those that arrive together come together. An unfinished one is left out. */
export async function* readEvents(
  body: ReadableStream<Uint8Array>,
): AsyncGenerator<ServerEvent[], void> {
  const reader = body.pipeThrough(new TextDecoderStream() as TransformStream).getReader();
  const parser = new Parser();
  try {
    for (;;) {
      const {done, value} = await reader.read();
      if (done) return;
      yield parser.push(value as string);
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

class Parser {
  #rest = '';
  #id = '';
  #type = '';
  #data: string[] = [];

  /** The events that this text completes. */
  push(text: string): ServerEvent[] {
    const lines = (this.#rest + text).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop()!;
    return lines.flatMap((line) => this.#take(line) ?? []);
  }

  #take(line: string): ServerEvent | null {
    if (line === '') return this.#finish();
    const [, field, value] = /^([^:]*)(?:: ?(.*))?$/s.exec(line)!;
    if (field === 'id') this.#id = value ?? '';
    else if (field === 'event') this.#type = value ?? '';
    else if (field === 'data') this.#data.push(value ?? '');
    return null; // Others, and comments, which begin with a colon, mean nothing here.
  }

  #finish(): ServerEvent | null {
    const event = {id: this.#id, type: this.#type || 'message', data: this.#data.join('\n')};
    // EventSource passes over events without data; here a type alone says enough.
    const told = this.#data.length > 0 || this.#type !== '';
    this.#type = '';
    this.#data = [];
    return told ? event : null;
  }
}
