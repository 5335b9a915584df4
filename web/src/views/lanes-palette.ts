// Colours of the canvas, by status and part: a canvas cannot read those of a style sheet.
export interface Palette {
  [status: string]: string;
}
const light: Palette = {
  DONE: '#7fcf95',
  FAILED: '#f0837c',
  CANCELED: '#e0b84c',
  SKIPPED: '#b79aea',
  IN_DOUBT: '#e0b84c',
  RUNNING: '#6fb3f5',
  NOT_STARTED: '#c9d1d9',
  ink: '#1f2328',
  faint: '#59636e',
  line: '#e3e8ed',
  paper: '#ffffff',
  critical: '#0969da',
  selected: '#000000',
  cursor: '#bd2029',
};
const dark: Palette = {
  DONE: '#2c7a43',
  FAILED: '#a83a34',
  CANCELED: '#8a6a1c',
  SKIPPED: '#5d4a8a',
  IN_DOUBT: '#8a6a1c',
  RUNNING: '#2a6ab0',
  NOT_STARTED: '#30363d',
  ink: '#e6edf3',
  faint: '#9198a1',
  line: '#22292f',
  paper: '#0d1117',
  critical: '#58a6ff',
  selected: '#ffffff',
  cursor: '#ff8a82',
};

export function paletteOf(element: Element): Palette {
  const scheme = getComputedStyle(element).colorScheme;
  const isDark =
    scheme === 'dark' || (scheme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  return isDark ? dark : light;
}
