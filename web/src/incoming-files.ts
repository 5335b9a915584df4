// Files that are dropped or pasted anywhere on the page.
import type {ReactiveController, ReactiveControllerHost} from 'lit';

import {looksLikeJson} from './files.js';

export class IncomingFiles implements ReactiveController {
  /** Somebody holds files over the page. */
  dropping = false;

  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly add: (files: File[]) => void,
  ) {
    host.addController(this);
  }

  hostConnected() {
    addEventListener('dragover', this.#over);
    addEventListener('dragleave', this.#leave);
    addEventListener('drop', this.#drop);
    addEventListener('paste', this.#paste);
  }
  hostDisconnected() {
    removeEventListener('dragover', this.#over);
    removeEventListener('dragleave', this.#leave);
    removeEventListener('drop', this.#drop);
    removeEventListener('paste', this.#paste);
  }

  #show(dropping: boolean) {
    if (this.dropping === dropping) return;
    this.dropping = dropping;
    this.host.requestUpdate();
  }

  #over = (event: DragEvent) => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    this.#show(true);
  };
  #leave = (event: DragEvent) => {
    if (event.relatedTarget === null) this.#show(false);
  };
  #drop = (event: DragEvent) => {
    this.#show(false);
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    this.add([...event.dataTransfer.files]);
  };
  /** Outside the editor, pasted text is a document. */
  #paste = (event: ClipboardEvent) => {
    const target = event.composedPath()[0] as Element;
    if (target.closest?.('input, textarea, [contenteditable]')) return;
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length) return this.add(files);
    const text = event.clipboardData?.getData('text/plain') ?? '';
    if (!text.trim()) return;
    this.add([new File([text], looksLikeJson(text) ? 'plan.json' : 'sheet.sql')]);
  };
}
