/**
 * Colours that mean something side by side can be distinguished by people with any kind of colour vision, and be seen on
 * their ground. What also differs in shape (outcomes in plots, lost messages, edges of boxes) is held to less.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { DARK_PICTURE_STYLE, PICTURE_STYLE } from '../../src/report/svg/picture-style.ts';
import { ciede2000, contrast, distance, laidOver, VISIONS } from './colour-vision.ts';

/** In CIEDE2000: five times what is seen side by side, for things that are apart and small. */
const BY_COLOUR_ALONE = 10;
/** Where a shape, a pattern or a word says the same. */
const WITH_A_SHAPE = 5;
/** WCAG 2: graphics, and text. */
const GRAPHICS_CONTRAST = 3;
const TEXT_CONTRAST = 4.5;

const STYLES = readFileSync(
  fileURLToPath(new URL('../../viewer/src/styles/colours.css', import.meta.url)),
  'utf8',
);

type Colours = Readonly<Record<string, string>>;

/** The viewer's, by name. */
function viewerColours(theme: 'light' | 'dark'): Colours {
  const block = STYLES.split(`[data-theme='${theme}'] {`)[1]?.split('}')[0] ?? '';
  return Object.fromEntries(
    [...block.matchAll(/--(\w+): (#[0-9a-f]{6});/g)].map(([, name = '', colour = '']) => [name, colour]),
  );
}

/** Those of pictures in a report, by class: what fills it, or its edge. */
function reportColours(style: string, property: 'fill' | 'stroke'): Colours {
  const rules = [...style.matchAll(/\.([a-z]+-?[a-z0-9]*)\{([^}]*)\}/g)];
  return Object.fromEntries(
    rules.flatMap(([, name = '', rule = '']) => {
      const colour = new RegExp(`${property}:(#[0-9a-f]{6})`).exec(rule)?.[1];
      return colour === undefined ? [] : [[name, colour]];
    }),
  );
}

/** Every pair that some vision sees as nearly the same. */
function confusions(colours: Colours, names: readonly string[], least: number): string[] {
  const found: string[] = [];
  for (const [at, one] of names.entries()) {
    for (const other of names.slice(at + 1)) {
      for (const vision of VISIONS) {
        const apart = distance(colours[one] ?? '', colours[other] ?? '', vision);
        if (apart < least) found.push(`${one} and ${other}: ${apart.toFixed(1)} (${vision})`);
      }
    }
  }
  return found;
}

const faint = (colours: Colours, names: readonly string[], ground: string, least: number): string[] =>
  names.flatMap((name) => {
    const found = contrast(colours[name] ?? '', ground);
    return found < least ? [`${name}: ${found.toFixed(2)}`] : [];
  });

describe.each(['light', 'dark'] as const)('the viewer, %s', (theme) => {
  const colours = viewerColours(theme);
  const ground = colours['background'] ?? '';

  test('messages of clients, of nodes and of services, which differ only in colour', () => {
    expect(confusions(colours, ['client', 'server', 'service'], BY_COLOUR_ALONE)).toEqual([]);
  });

  test('kinds of messages, also those with a cross, dashes or a mark', () => {
    const kinds = ['client', 'server', 'service', 'lost', 'duplicated', 'marked'];
    expect(confusions(colours, kinds, BY_COLOUR_ALONE)).toEqual([]);
    expect(faint(colours, kinds, ground, GRAPHICS_CONTRAST)).toEqual([]);
  });

  test('outcomes of operations', () => {
    const outcomes = ['ok', 'fail', 'info', 'open'];
    expect(confusions(colours, outcomes, BY_COLOUR_ALONE)).toEqual([]);
    expect(faint(colours, outcomes, ground, GRAPHICS_CONTRAST)).toEqual([]);
  });

  test('values of states on lanes, named by words next to them where there is room', () => {
    const states = ['state0', 'state1', 'state2', 'state3', 'state4', 'state5', 'state6'];
    expect(confusions(colours, states, BY_COLOUR_ALONE)).toEqual([]);
    expect(faint(colours, states, ground, GRAPHICS_CONTRAST)).toEqual([]);
  });

  test('text', () => {
    const texts = ['text', 'faint', 'accent', 'ok', 'fail', 'doubt', 'client', 'server'];
    expect(faint(colours, texts, ground, TEXT_CONTRAST)).toEqual([]);
    expect(faint(colours, ['text', 'faint'], colours['panel'] ?? '', TEXT_CONTRAST)).toEqual([]);
  });

  test('a lane during a fault differs from one without', () => {
    const band = laidOver(colours['fault'] ?? '', ground, 0.13);
    for (const vision of VISIONS) expect(distance(band, ground, vision)).toBeGreaterThan(WITH_A_SHAPE);
  });
});

describe.each([
  ['light', PICTURE_STYLE, '#ffffff'],
  ['dark', DARK_PICTURE_STYLE, '#16191d'],
])('pictures of a report, %s', (_, style, paper) => {
  const fills = reportColours(style, 'fill');
  const edges = reportColours(style, 'stroke');

  test('series of plots, and kinds of messages', () => {
    const series = ['s0', 's1', 's2', 's3', 's4', 's5', 's6'];
    expect(confusions(fills, series, BY_COLOUR_ALONE)).toEqual([]);
    expect(faint(fills, series, paper, GRAPHICS_CONTRAST)).toEqual([]);
  });

  test('kinds of faults', () => {
    expect(confusions(fills, ['b0', 'b1', 'b2', 'b3', 'b4'], BY_COLOUR_ALONE)).toEqual([]);
  });

  test('a fault band behind a plot is visible on its paper', () => {
    for (const name of ['b0', 'b1', 'b2', 'b3', 'b4']) {
      const band = laidOver(fills[name] ?? '', paper, 0.11);
      for (const vision of VISIONS) expect(distance(band, paper, vision)).toBeGreaterThan(2);
    }
  });

  test('boxes of operations: those that succeeded by colour, the others by their edges', () => {
    for (const other of ['box-fail', 'box-info', 'box-bad'])
      expect(confusions(edges, ['box-ok', other], BY_COLOUR_ALONE)).toEqual([]);
    expect(PICTURE_STYLE).toMatch(/\.box-fail\{stroke-dasharray:6 3\}/);
    expect(PICTURE_STYLE).toMatch(/\.box-info\{stroke-dasharray:1\.5 3\}/);
    expect(PICTURE_STYLE).toMatch(/\.box-bad\{stroke-width:3\}/);
    expect(faint(edges, ['box-ok', 'box-fail', 'box-info', 'box-bad'], paper, GRAPHICS_CONTRAST)).toEqual([]);
  });
});

describe('the measure', () => {
  test('distances are those of the published examples', () => {
    expect(ciede2000([50, 2.6772, -79.7751], [50, 0, -82.7485])).toBeCloseTo(2.0425, 4);
    expect(ciede2000([50, 2.5, 0], [73, 25, -18])).toBeCloseTo(27.1492, 4);
    expect(ciede2000([22.7233, 20.0904, -46.694], [23.0331, 14.973, -42.5619])).toBeCloseTo(2.0373, 4);
  });

  test('red and green of one lightness are far apart, except without one kind of cone', () => {
    expect(distance('#d04040', '#508a30', 'full')).toBeGreaterThan(40);
    expect(distance('#d04040', '#508a30', 'deuteranopia')).toBeLessThan(20);
    expect(distance('#d04040', '#508a30', 'tritanopia')).toBeGreaterThan(40);
  });
});
