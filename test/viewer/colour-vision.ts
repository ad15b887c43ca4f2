/**
 * How colours look to people who lack a kind of cone, and how far apart two colours are: for tests of palettes.
 *
 * The simulation is that of Machado, Oliveira and Fernandes (2009) at full severity, on linear light; the distance is
 * CIEDE2000 after Sharma, Wu and Dalal (2005), under daylight (D65). A difference of 1 is about the least one can see.
 */

export type Vision = 'full' | 'protanopia' | 'deuteranopia' | 'tritanopia';
export const VISIONS: readonly Vision[] = ['full', 'protanopia', 'deuteranopia', 'tritanopia'];

type Triple = readonly [number, number, number];
type Matrix = readonly [Triple, Triple, Triple];

const SEEN: Readonly<Record<Vision, Matrix>> = {
  full: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

const TO_XYZ: Matrix = [
  [0.4124564, 0.3575761, 0.1804375],
  [0.2126729, 0.7151522, 0.072175],
  [0.0193339, 0.119192, 0.9503041],
];
const WHITE: Triple = [0.95047, 1, 1.08883];

/** How far apart two colours (`#rrggbb`) are to that vision. */
export function distance(one: string, other: string, vision: Vision): number {
  return ciede2000(labOf(one, vision), labOf(other, vision));
}

/** The colour laid over a ground with that opacity. */
export function laidOver(colour: string, ground: string, opacity: number): string {
  const [over, under] = [channels(colour), channels(ground)];
  const mixed = over.map((value, at) =>
    Math.round(255 * (value * opacity + (under[at] ?? 0) * (1 - opacity))),
  );
  return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

function labOf(colour: string, vision: Vision): Triple {
  const clamp = (value: number): number => Math.min(1, Math.max(0, value));
  const [x, y, z] = times(TO_XYZ, times(SEEN[vision], linearOf(colour)).map(clamp) as unknown as Triple);
  const f = (value: number): number =>
    value > 216 / 24389 ? Math.cbrt(value) : ((24389 / 27) * value + 16) / 116;
  const [fx, fy, fz] = [f(x / WHITE[0]), f(y / WHITE[1]), f(z / WHITE[2])];
  return [116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)];
}

/** Light, from what stands in the colour. */
function linearOf(colour: string): Triple {
  return channels(colour).map((value) =>
    value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4,
  ) as unknown as Triple;
}

function channels(colour: string): Triple {
  const hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(colour);
  if (hex === null) throw new Error(`${colour} is no colour of the form #rrggbb`);
  return [1, 2, 3].map((at) => Number.parseInt(hex[at] ?? '', 16) / 255) as unknown as Triple;
}

function times(matrix: Matrix, [a, b, c]: Triple): Triple {
  return matrix.map(([p, q, r]) => p * a + q * b + r * c) as unknown as Triple;
}

const RADIANS = Math.PI / 180;

/** Two colours in CIELAB. */
export function ciede2000([l1, a1, b1]: Triple, [l2, a2, b2]: Triple): number {
  const meanChroma = (Math.hypot(a1, b1) + Math.hypot(a2, b2)) / 2;
  const g = 0.5 * (1 - Math.sqrt(meanChroma ** 7 / (meanChroma ** 7 + 25 ** 7)));
  const [p1, p2] = [a1 * (1 + g), a2 * (1 + g)];
  const [c1, c2] = [Math.hypot(p1, b1), Math.hypot(p2, b2)];
  const hue = (a: number, b: number): number =>
    a === 0 && b === 0 ? 0 : (Math.atan2(b, a) / RADIANS + 360) % 360;
  const [h1, h2] = [hue(p1, b1), hue(p2, b2)];
  const isGrey = c1 * c2 === 0;
  const turn = h2 - h1;
  const dh = isGrey ? 0 : turn > 180 ? turn - 360 : turn < -180 ? turn + 360 : turn;
  const bigH = 2 * Math.sqrt(c1 * c2) * Math.sin((dh / 2) * RADIANS);
  const [l, c] = [(l1 + l2) / 2, (c1 + c2) / 2];
  const sum = h1 + h2;
  const h = isGrey ? sum : Math.abs(turn) <= 180 ? sum / 2 : sum < 360 ? (sum + 360) / 2 : (sum - 360) / 2;
  const cos = (factor: number, minus: number): number => Math.cos((factor * h - minus) * RADIANS);
  const t = 1 - 0.17 * cos(1, 30) + 0.24 * cos(2, 0) + 0.32 * cos(3, -6) - 0.2 * cos(4, 63);
  const sl = 1 + (0.015 * (l - 50) ** 2) / Math.sqrt(20 + (l - 50) ** 2);
  const [sc, sh] = [1 + 0.045 * c, 1 + 0.015 * c * t];
  const rc = 2 * Math.sqrt(c ** 7 / (c ** 7 + 25 ** 7));
  const rt = -Math.sin(60 * Math.exp(-(((h - 275) / 25) ** 2)) * RADIANS) * rc;
  const [dl, dc, dH] = [(l2 - l1) / sl, (c2 - c1) / sc, bigH / sh];
  return Math.sqrt(dl ** 2 + dc ** 2 + dH ** 2 + rt * dc * dH);
}

/** As WCAG 2 has it, from 1 to 21. */
export function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [one, other].map(luminance).toSorted((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [, weights] = TO_XYZ;
  return linearOf(colour).reduce((sum, value, at) => sum + value * (weights[at] ?? 0), 0);
}
