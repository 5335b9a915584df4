// The core's SVG in a page: its style is adopted, since a strict Content-Security-Policy forbids
// style elements; everything else is as it was drawn.

export interface Drawing {
  svg: SVGSVGElement;
  style: CSSStyleSheet;
}

const sheets = new Map<string, CSSStyleSheet>();

function sheetOf(css: string) {
  let sheet = sheets.get(css);
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    sheets.set(css, sheet);
  }
  return sheet;
}

/** Takes the style elements out of markup: a parser would already refuse them. */
export function withoutStyle(markup: string) {
  let css = '';
  const rest = markup.replace(/<style>([^]*?)<\/style>/g, (_, text: string) => {
    css += `${text}\n`;
    return '';
  });
  return {css, rest};
}

export function parseDrawing(text: string): Drawing {
  const {css, rest} = withoutStyle(text);
  const document = new DOMParser().parseFromString(rest, 'image/svg+xml');
  const svg = window.document.importNode(
    document.documentElement,
    true,
  ) as unknown as SVGSVGElement;
  return {svg, style: sheetOf(css)};
}

/** The task that an event was about, or null. */
export function taskAt(event: Event): number | null {
  const element = (event.target as Element).closest?.('[data-task]');
  return element ? Number(element.getAttribute('data-task')) : null;
}
