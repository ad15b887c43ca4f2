/** A reusable list of the edges out of one vertex: targets and relations. */
import { lengthened } from '../../../columns/column.ts';

export class EdgeBuffer {
  targets = new Int32Array(16);
  relations = new Uint8Array(16);
  length = 0;

  clear(): void {
    this.length = 0;
  }

  add(target: number, relation: number): void {
    if (this.length === this.targets.length) {
      this.targets = lengthened(this.targets, this.length * 2);
      this.relations = lengthened(this.relations, this.length * 2);
    }
    this.targets[this.length] = target;
    this.relations[this.length] = relation;
    this.length++;
  }
}
