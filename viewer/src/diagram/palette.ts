/** The colours of the pictures, read from the style sheet, so that light and dark themes are defined in one place. */

const NAMES = [
  'background',
  'panel',
  'text',
  'faint',
  'grid',
  'accent',
  // Messages between clients and nodes, between nodes, and with services.
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
  // Values of nodes' states, indexed by their numbers.
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

/** Returns the colour of a value; if there are many values, several share a colour. */
export const stateColour = (palette: Palette, value: number): string =>
  palette[STATES[value % STATE_COLOURS] ?? 'state0'];

export type Palette = Readonly<Record<(typeof NAMES)[number], string>>;

export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const entries = NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim() || '#888']);
  // The list has every name of the palette.
  return Object.fromEntries(entries) as Palette;
}

export const FONT = '11px system-ui, sans-serif';
export const BOLD = '600 11px system-ui, sans-serif';
