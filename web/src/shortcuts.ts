// Keys that do the same anywhere on the page, with Ctrl or Cmd.

export const shortcuts = (acts: {[key: string]: () => void}) => (event: KeyboardEvent) => {
  const act = acts[event.key.toLowerCase()]; // Caps Lock may be on
  if (!act || !(event.ctrlKey || event.metaKey) || event.altKey) return;
  event.preventDefault();
  act();
};
