/** The diagram's elements in the page: two canvases, of which the lower one scrolls, and a tooltip beside the pointer. */

export interface DiagramElements {
  readonly host: HTMLElement;
  readonly top: HTMLCanvasElement;
  /** The scrolling container of the lanes, as tall as there is room for. */
  readonly lanes: HTMLElement;
  /** As tall as all lanes together. */
  readonly laneSpace: HTMLElement;
  /** Stays in view while the lanes scroll. */
  readonly laneCanvas: HTMLCanvasElement;
  readonly tip: HTMLElement;
  /** Marks the range being selected on the overview strip. */
  readonly selecting: HTMLElement;
}

export function addElements(host: HTMLElement): DiagramElements {
  const elements = {
    host,
    top: document.createElement('canvas'),
    lanes: document.createElement('div'),
    laneSpace: document.createElement('div'),
    laneCanvas: document.createElement('canvas'),
    tip: document.createElement('div'),
    selecting: document.createElement('div'),
  };
  const { top, lanes, laneSpace, laneCanvas, tip, selecting } = elements;
  top.className = 'picture-top';
  lanes.className = 'picture-lanes';
  laneSpace.className = 'picture-space';
  laneCanvas.className = 'picture-canvas';
  tip.className = 'tip';
  tip.hidden = true;
  selecting.className = 'picture-selecting';
  selecting.hidden = true;
  lanes.append(laneCanvas, laneSpace);
  host.append(top, lanes, tip, selecting);
  return elements;
}
