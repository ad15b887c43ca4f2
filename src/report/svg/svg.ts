/**
 * Pictures as text. A picture is drawn once and comes out three ways: as a file that follows the reader's light or dark
 * scheme, as a light file to be turned into a PNG, and inline in a page that brings the style itself.
 *
 * Colours are classes, never attributes, for the style to change them; there are no `style` attributes, which a strict
 * Content-Security-Policy forbids, and no ids, which could clash in a page.
 */
import { escapeMarkup } from './escape.ts';
import { DARK_PICTURE_STYLE, PICTURE_STYLE } from './picture-style.ts';

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Says what it is, to screen readers and as a tooltip. */
  readonly title: string;
  /** Markup within the svg element; whatever text came from outside is escaped. */
  readonly body: string;
}

type Attributes = Readonly<Record<string, string | number | undefined>>;

/** An element. Content is markup; attribute values are text. */
export function tag(name: string, attributes: Attributes, content = ''): string {
  let open = `<${name}`;
  for (const key in attributes) {
    const value = attributes[key];
    if (value === undefined) continue;
    open += ` ${key}="${typeof value === 'number' ? px(value) : escapeMarkup(value, Infinity)}"`;
  }
  return content === '' ? `${open}/>` : `${open}>${content}</${name}>`;
}

/** Text at a place; what does not show is spelled out. */
export function label(text: string, x: number, y: number, attributes: Attributes = {}): string {
  return text === '' ? '' : tag('text', { x, y, ...attributes }, escapeMarkup(text));
}

/** A number of pixels, to a tenth: finer shows nowhere and makes files long. */
export function px(value: number): string {
  const tenths = Math.round(value * 10);
  // Digits of whole numbers come from a cache; those of fractions are calculated anew for each of 100,000 places.
  if (!(Math.abs(tenths) < 1e9)) return String(tenths / 10);
  const whole = Math.trunc(Math.abs(tenths) / 10);
  const rest = Math.abs(tenths) - 10 * whole;
  return `${tenths < 0 ? '-' : ''}${whole}${rest === 0 ? '' : `.${rest}`}`;
}

/** As a file; `light` leaves out the dark scheme, which what makes PNGs does not understand. */
export function svgFile(picture: Picture, scheme: 'both' | 'light' = 'both'): string {
  const style = scheme === 'both' ? PICTURE_STYLE + DARK_PICTURE_STYLE : PICTURE_STYLE;
  return `${svgElement(picture, `<style>${style}</style>`)}\n`;
}

/** For a page that has `PICTURE_STYLE` and `DARK_PICTURE_STYLE` among its styles. */
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
