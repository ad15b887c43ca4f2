/**
 * BROKEN on purpose. Random ids, as in examples/unique-ids-random.ts, of four letters and digits that people can read
 * out over the phone. There are 36^4 of them, more than one and a half million, and only a few thousand are needed.
 *
 * The mistake: what counts is not whether a new id equals one particular old one, but whether any two are equal, and
 * there are n^2 / 2 pairs. After 1,300 ids the odds are even; the rule of thumb is the square root of the number of
 * possible ids.
 *
 * The checker says: `duplicated-count` above 0. It takes nothing but a few seconds at `--rate 1000`.
 */
import { Node } from 'maelstrom/node';

const LENGTH = 4;

const node = new Node();

node.on('generate', () => ({
  id: node
    .random()
    .toString(36)
    .slice(2, 2 + LENGTH),
}));
