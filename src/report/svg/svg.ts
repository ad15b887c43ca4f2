/**
 * Pictures as text. A picture is drawn once and used in three ways: as a file that follows the reader's light or dark
 * scheme, as a light file to be converted to a PNG, and inline in a page that contains the style.
 *
 * Colours are classes, not attributes, so that the style can change them; there are no `style` attributes, which a
 * strict Content-Security-Policy forbids, and no ids, which could clash in a page.
 */
import { escapeMarkup } from './escape.ts';
import { DARK_PICTURE_STYLE, PICTURE_STYLE } from './picture-style.ts';

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Describes the picture for screen readers and as a tooltip. */
  readonly title: string;
  /** Markup within the svg element; text from outside is escaped. */
  readonly body: string;
}

type Attributes = Readonly<Record<string, string | number | undefined>>;

/** Returns an element. `content` is markup; attribute values are text. */
export function tag(name: string, attributes: Attributes, content = ''): string {
  let open = `<${name}`;
  for (const key in attributes) {
    const value = attributes[key];
    if (value === undefined) continue;
    open += ` ${key}="${typeof value === 'number' ? px(value) : escapeMarkup(value, Infinity)}"`;
  }
  return content === '' ? `${open}/>` : `${open}>${content}</${name}>`;
}

/** Returns text at a position; invisible characters are spelled out. */
export function label(text: string, x: number, y: number, attributes: Attributes = {}): string {
  return text === '' ? '' : tag('text', { x, y, ...attributes }, escapeMarkup(text));
}

/** Formats a number of pixels to a tenth: finer steps are invisible and make files long. */
export function px(value: number): string {
  const tenths = Math.round(value * 10);
  // The engine caches the digits of integers, but would compute those of fractions again for each of 100,000 positions.
  if (!(Math.abs(tenths) < 1e9)) return String(tenths / 10);
  const whole = Math.trunc(Math.abs(tenths) / 10);
  const rest = Math.abs(tenths) - 10 * whole;
  return `${tenths < 0 ? '-' : ''}${whole}${rest === 0 ? '' : `.${rest}`}`;
}

/** Returns the picture as a file; `light` omits the dark scheme, which the PNG renderer does not understand. */
export function svgFile(picture: Picture, scheme: 'both' | 'light' = 'both'): string {
  const style = scheme === 'both' ? PICTURE_STYLE + DARK_PICTURE_STYLE : PICTURE_STYLE;
  return `${svgElement(picture, `<style>${style}</style>`)}\n`;
}

/** Returns the picture for a page whose styles include `PICTURE_STYLE` and `DARK_PICTURE_STYLE`. */
export function inlineSvg(picture: Picture): string {
  return svgElement(picture, '');
}

function svgElement({ width, height, title, body }: Picture, style: string): string {
  const [wide, high] = [Math.ceil(width), Math.ceil(height)];
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${wide} ${high}" width="${wide}" height="${high}" role="img" class="picture">` +
    `<title>${escapeMarkup(title)}</title>${style}` +
    `<rect class="paper" width="${wide}" height="${high}"/>\n${body}</svg>`
  );
}
