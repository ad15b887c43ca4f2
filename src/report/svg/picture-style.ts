/**
 * The style of all pictures. The series' colours are based on those of Okabe and Ito, adjusted so that people with any
 * kind of colour vision can distinguish them (test/viewer/colours.test.ts), darker on a light background and lighter on
 * a dark one. Outcomes also differ in shape (solid, dashed or dotted edges), and kinds of faults in position.
 *
 * Plain rules only: the PNG renderer supports neither variables nor nesting.
 */

/** Series have the classes `s0` to `s6`; fault bands `b0` to `b4`. */
export const SERIES_COLOURS = 7;
export const BAND_COLOURS = 5;

const LIGHT_SERIES = ['#0072b2', '#e57422', '#1f5c32', '#8a6500', '#bc517e', '#1695d5', '#4d4d4d'];
const DARK_SERIES = ['#56b4e9', '#e77f3b', '#00eba5', '#f4c342', '#c68cad', '#b2dcf6', '#c8c8c8'];
/** The series whose colours the bands have. */
const BANDS = [1, 0, 4, 3, 2];

const coloured = (prefix: string, colours: readonly string[]): string =>
  colours.map((colour, at) => `.${prefix}${at}{fill:${colour};stroke:${colour}}`).join('');

const bandsOf = (series: readonly string[]): readonly string[] => BANDS.map((at) => series[at] ?? '#888888');

/** More specific than colours, in either scheme. */
const SHAPES =
  '.picture text{font-family:"DejaVu Sans",Verdana,sans-serif;font-size:12px;stroke:none}' +
  '.picture .small{font-size:11px}.picture .tiny{font-size:10px}.picture .title{font-size:15px;font-weight:bold}.picture .strong{font-weight:bold}' +
  '.picture .middle{text-anchor:middle}.picture .end{text-anchor:end}' +
  '.picture .grid,.picture .axis,.picture .lane{stroke-width:1;fill:none}' +
  '.picture .dot{fill:none;stroke-width:4.4;stroke-linecap:round}.picture .cross{fill:none;stroke-width:1.6}.picture .diamond{fill:none;stroke-width:1.5}' +
  '.picture .line{fill:none;stroke-width:1.8;stroke-linejoin:round}.picture .thin{stroke-width:1.1}.picture .thick{stroke-width:2.6}' +
  '.picture .dashed{stroke-dasharray:7 4}.picture .dotted{stroke-dasharray:2 3}' +
  '.picture .band{stroke:none;fill-opacity:.11}.picture .strip{stroke:none;fill-opacity:.85}' +
  '.picture .box-bad{stroke-width:3}.picture .box-fail{stroke-dasharray:6 3}.picture .box-info{stroke-dasharray:1.5 3}.picture .arrow{fill:none;stroke-width:1.2}.picture .head{stroke:none}.picture .halo{stroke-width:3px;paint-order:stroke;stroke-linejoin:round}';

export const PICTURE_STYLE =
  SHAPES +
  '.picture{background:#fff}.paper{fill:#fff}.picture text,.ink{fill:#222}.picture .faint{fill:#5c5c5c}.grid{stroke:#e4e4e4}.axis{stroke:#777}' +
  '.lane{stroke:#b4b4b4}.box{fill:#f4f7fa;stroke:#62707d}.box-ok{fill:#dcecf7;stroke:#0072b2}.box-fail{fill:#fbe3d3;stroke:#d55e00}' +
  '.box-info{fill:#fdf0c8;stroke:#a87400}.box-bad{fill:#ffd3b5;stroke:#b34700}.picture text.halo{stroke:#fff}' +
  coloured('s', LIGHT_SERIES) +
  coloured('b', bandsOf(LIGHT_SERIES));

export const DARK_RULES =
  '.picture{background:#16191d}.paper{fill:#16191d}.picture text,.ink{fill:#e6e6e6}.picture .faint{fill:#a8adb3}.grid{stroke:#2d3238}.axis{stroke:#8a9097}' +
  '.lane{stroke:#4a5159}.box{fill:#20262c;stroke:#8593a0}.box-ok{fill:#12334a;stroke:#56b4e9}.box-fail{fill:#4a2510;stroke:#ff8a3d}' +
  '.box-info{fill:#45380f;stroke:#f0c040}.box-bad{fill:#6b2c05;stroke:#ff8a3d}.picture text.halo{stroke:#16191d}' +
  coloured('s', DARK_SERIES) +
  coloured('b', bandsOf(DARK_SERIES));

export const DARK_PICTURE_STYLE = `@media (prefers-color-scheme:dark){${DARK_RULES}}`;

/** For the viewer's pages, where pictures are within sections of the class `drawn`, and the reader selects the scheme. */
export const PAGE_PICTURE_STYLE = `.drawn{${PICTURE_STYLE}}:where(:root[data-theme=dark]) .drawn{${DARK_RULES}}`;
