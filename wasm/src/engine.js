// The WebAssembly module with its memory: one message in, one message out. Below this file there is
// C++, above it nobody knows.

const encoder = new TextEncoder();

/** A bug in Lockstep, or its memory is used up. The next call starts the module afresh. */
export class LockstepError extends Error {
  constructor(message, options) {
    super(message, options);
    this.name = 'LockstepError';
  }
}

export class Engine {
  #createModule;
  #wasmModule;
  #instance = null;
  #lastWords = '';

  /**
   * @param createModule Emscripten's factory.
   * @param wasmModule A compiled WebAssembly.Module, kept to start again from.
   */
  constructor(createModule, wasmModule) {
    this.#createModule = createModule;
    this.#wasmModule = wasmModule;
  }

  /**
   * @param {string} method As core/api/api.h names them.
   * @param {(string | Uint8Array)[]} parts The request's JSON, then its attachments.
   * @returns {Promise<Uint8Array[]>} The answer's JSON, then its attachments.
   */
  async call(method, parts) {
    this.#instance ??= await this.#start();
    try {
      for (const part of parts) this.#write(part);
      const count = this.#instance.answer(method);
      const answer = [];
      for (let i = 0; i < count; ++i) answer.push(this.#instance.answerMemory(i).slice());
      this.#instance.forget();
      return answer;
    } catch (cause) {
      this.#instance = null;
      throw new LockstepError(this.#lastWords || String(cause), {cause});
    }
  }

  /** Bytes of memory that the module holds. It never gives any back. */
  get memorySize() {
    return this.#instance?.answerMemory(0).buffer.byteLength ?? 0;
  }

  #start() {
    this.#lastWords = '';
    return this.#createModule({
      instantiateWasm: (imports, receive) => {
        WebAssembly.instantiate(this.#wasmModule, imports).then(receive);
        return {};
      },
      // A failed check says what it is before it aborts.
      printErr: (line) => (this.#lastWords ||= line),
      locateFile: (name) => name,
    });
  }

  #write(part) {
    const instance = this.#instance;
    if (typeof part !== 'string') {
      instance.partMemory(instance.addPart(part.byteLength)).set(part);
      return;
    }
    // Most text is ASCII: room for a byte a character and some, then more for what is left. Three
    // bytes a character are always enough.
    let room = part.length + (part.length >> 3) + 16;
    const number = instance.addPart(room);
    let {read, written} = encoder.encodeInto(part, instance.partMemory(number));
    if (read < part.length) {
      instance.resizePart(number, written + 3 * (part.length - read));
      const rest = instance.partMemory(number).subarray(written);
      written += encoder.encodeInto(part.slice(read), rest).written;
    }
    instance.resizePart(number, written);
  }
}
