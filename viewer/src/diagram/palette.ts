/** The colours of the pictures, read from the style sheet, so that light and dark are written in one place. */

const NAMES = [
  'background',
  'panel',
  'text',
  'faint',
  'grid',
  'accent',
  // Messages between clients and nodes, among nodes, with services.
  'client',
  'server',
  'service',
  'lost',
  'duplicated',
  'marked',
  'ok',
  'fail',
  'info',
  'open',
  'fault',
  // Values of nodes' states, by their numbers.
  'state0',
  'state1',
  'state2',
  'state3',
  'state4',
  'state5',
  'state6',
] as const;

export const STATE_COLOURS = 7;
const STATES = ['state0', 'state1', 'state2', 'state3', 'state4', 'state5', 'state6'] as const;

/** The same value has the same colour; of many values, several have one. */
export const stateColour = (palette: Palette, value: number): string =>
  palette[STATES[value % STATE_COLOURS] ?? 'state0'];

export type Palette = Readonly<Record<(typeof NAMES)[number], string>>;

export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const entries = NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim() || '#888']);
  // Every name of the palette is in the list.
  return Object.fromEntries(entries) as Palette;
}

export const FONT = '11px system-ui, sans-serif';
export const BOLD = '600 11px system-ui, sans-serif';
