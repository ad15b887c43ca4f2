/**
 * Sanitizes a drawing from the run's folder, which a node may have written: it is copied element by element, so that only
 * shapes, texts and their descriptions get into the page.
 */
const SVG = 'http://www.w3.org/2000/svg';
const ELEMENTS: ReadonlySet<string> = new Set([
  'svg',
  'g',
  'path',
  'rect',
  'circle',
  'text',
  'title',
  'line',
]);
const ATTRIBUTES: ReadonlySet<string> = new Set([
  'class',
  'd',
  'x',
  'y',
  'x1',
  'x2',
  'y1',
  'y2',
  'cx',
  'cy',
  'r',
  'rx',
  'width',
  'height',
  'viewBox',
  'role',
  'transform',
  'data-part',
  'data-step',
  'data-message',
  'data-operation',
  'data-say',
]);
const MOST_ELEMENTS = 20_000;
const DEEPEST = 12;

/** Returns undefined if the text is not an SVG drawing. */
export function safeSvg(text: string): SVGElement | undefined {
  // The page's security policy refuses inline styles; the page has these rules itself (PAGE_PICTURE_STYLE).
  const plain = text.replaceAll(/<style>[^<]*<\/style>/g, '');
  const { documentElement } = new DOMParser().parseFromString(plain, 'image/svg+xml');
  if (documentElement.namespaceURI !== SVG || documentElement.localName !== 'svg') return undefined;
  let left = MOST_ELEMENTS;
  const copy = (from: Element, depth: number): SVGElement => {
    const to = document.createElementNS(SVG, from.localName);
    for (const { name, value } of from.attributes) if (ATTRIBUTES.has(name)) to.setAttribute(name, value);
    for (const child of from.childNodes) {
      if (child instanceof Element) {
        const isKnown = child.namespaceURI === SVG && ELEMENTS.has(child.localName);
        if (isKnown && depth < DEEPEST && left-- > 0) to.append(copy(child, depth + 1));
      } else if (child.nodeType === Node.TEXT_NODE) to.append(child.textContent ?? '');
    }
    return to;
  };
  return copy(documentElement, 0);
}
