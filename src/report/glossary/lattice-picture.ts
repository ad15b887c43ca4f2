/**
 * The lattice of consistency models: each in a box, below those that imply it. A model's row is the length of the
 * longest path to a weakest model; within a row models are placed near those they are connected with, by a few sweeps
 * up and down.
 */
import type { ConsistencyModel } from '../../checkers/elle/levels/consistency-models.ts';
import { present } from '../../columns/present.ts';
import { label, px, tag, type Picture } from '../svg/svg.ts';
import { textWidth } from '../svg/text-size.ts';

const ROW = 92;
const BOX = 30;
const GAP = 22;
const MARGIN = 24;
const TOP = 50;
const SWEEPS = 24;

/** A model's box, or a place where a long edge passes through a row. */
interface LatticeNode {
  readonly model: ConsistencyModel | undefined;
  readonly row: number;
  readonly width: number;
  readonly down: LatticeNode[];
  readonly up: LatticeNode[];
  x: number;
}

export function latticePicture(models: readonly ConsistencyModel[]): Picture {
  const rows = arranged(models);
  const width = Math.max(...rows.map(widthOf)) + 2 * MARGIN;
  const height = TOP + rows.length * ROW;
  const y = ({ row }: LatticeNode): number => TOP + (rows.length - 1 - row) * ROW + BOX / 2;
  const places = rows.flat();
  const lines = places.flatMap((from) =>
    from.down.map((to) => {
      const [top, bottom] = [
        y(from) + (from.model === undefined ? 0 : BOX / 2),
        y(to) - (to.model === undefined ? 0 : BOX / 2),
      ];
      const middle = (top + bottom) / 2;
      return tag('path', {
        class: 'line thin s0',
        d: `M${px(from.x)} ${px(top)}C${px(from.x)} ${px(middle)} ${px(to.x)} ${px(middle)} ${px(to.x)} ${px(bottom)}`,
      });
    }),
  );
  const boxes = places.flatMap((place) => {
    const { model, x, width: wide } = place;
    if (model === undefined) return [];
    return [
      tag('rect', {
        class: model.askFor === undefined ? 'box box-ok' : 'box dashed',
        x: x - wide / 2,
        y: y(place) - BOX / 2,
        width: wide,
        height: BOX,
        rx: 6,
      }),
      label(model.name, x, y(place) + 4, { class: 'middle' }),
    ];
  });
  return {
    width,
    height,
    title: 'Consistency models, each above those that it implies',
    body: [label('Stronger models are higher', MARGIN, 28, { class: 'title' }), ...lines, ...boxes].join(
      '\n',
    ),
  };
}

/** Returns the rows from the weakest models up, with their places. */
function arranged(models: readonly ConsistencyModel[]): readonly LatticeNode[][] {
  const byName = new Map(models.map((model) => [model.name, model]));
  const depths = new Map<string, number>();
  const depthOf = (name: string): number => {
    const known = depths.get(name);
    if (known !== undefined) return known;
    const depth = Math.max(-1, ...(byName.get(name)?.implies ?? []).map(depthOf)) + 1;
    depths.set(name, depth);
    return depth;
  };
  const rows: LatticeNode[][] = [];
  const add = (row: number, model?: ConsistencyModel): LatticeNode => {
    const width = model === undefined ? 4 : Math.ceil(textWidth(model.name, 12)) + 20;
    const place: LatticeNode = { model, row, width, down: [], up: [], x: 0 };
    while (rows.length <= row) rows.push([]);
    present(rows[row]).push(place);
    return place;
  };
  const placeOf = new Map(models.map((model) => [model.name, add(depthOf(model.name), model)]));
  for (const model of models) {
    for (const weaker of model.implies) {
      const to = present(placeOf.get(weaker));
      let from = present(placeOf.get(model.name));
      for (let row = from.row - 1; row > to.row; row--) from = joined(from, add(row));
      joined(from, to);
    }
  }
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const isDown = sweep % 2 === 0;
    for (const row of isDown ? rows.toReversed() : rows) {
      const wanted = new Map(row.map((place) => [place, mean(isDown ? place.up : place.down, place.x)]));
      row.sort((a, b) => (wanted.get(a) ?? 0) - (wanted.get(b) ?? 0));
      spread(row, wanted);
    }
  }
  const left = Math.min(...rows.flat().map(({ x, width }) => x - width / 2));
  for (const place of rows.flat()) place.x += MARGIN - left;
  return rows;
}

function joined(from: LatticeNode, to: LatticeNode): LatticeNode {
  from.down.push(to);
  to.up.push(from);
  return to;
}

const mean = (places: readonly LatticeNode[], otherwise: number): number =>
  places.length === 0 ? otherwise : places.reduce((sum, { x }) => sum + x, 0) / places.length;

/**
 * Moves the places of a row towards their wanted positions without overlaps: from left to right, then the row as a
 * whole to its centre.
 */
function spread(row: readonly LatticeNode[], wanted: ReadonlyMap<LatticeNode, number>): void {
  let right = -Infinity;
  for (const place of row) {
    place.x = Math.max(wanted.get(place) ?? 0, right + place.width / 2);
    right = place.x + place.width / 2 + GAP;
  }
  const shift =
    row.reduce((sum, place) => sum + (wanted.get(place) ?? 0) - place.x, 0) / Math.max(1, row.length);
  for (const place of row) place.x += shift;
}

const widthOf = (row: readonly LatticeNode[]): number =>
  Math.max(0, ...row.map(({ x, width }) => x + width / 2)) - MARGIN;
