/** The colours of the pictures, read from the style sheet, so that light and dark are written in one place. */

export interface Palette {
  readonly background: string;
  readonly panel: string;
  readonly text: string;
  readonly faint: string;
  readonly grid: string;
  readonly accent: string;
  /** Messages between clients and nodes, among nodes, with services. */
  readonly client: string;
  readonly server: string;
  readonly service: string;
  readonly lost: string;
  readonly duplicated: string;
  readonly marked: string;
  readonly ok: string;
  readonly fail: string;
  readonly info: string;
  readonly open: string;
  readonly fault: string;
}

const NAMES: readonly (keyof Palette)[] = [
  'background',
  'panel',
  'text',
  'faint',
  'grid',
  'accent',
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
];

export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const entries = NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim() || '#888']);
  // Every name of the palette is in the list.
  return Object.fromEntries(entries) as Palette;
}

export const OUTCOME_COLOURS = ['open', 'ok', 'fail', 'info'] as const;

export const FONT = '11px system-ui, sans-serif';
export const BOLD = '600 11px system-ui, sans-serif';
