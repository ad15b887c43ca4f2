/**
 * Records which node received which message, by their numbers: two bytes per message, to check the causes that nodes
 * report.
 */

const FIRST_SIZE = 1024;

export class Receipts {
  private nodes = new Uint16Array(FIRST_SIZE);

  /** Nodes are numbered from 1. */
  note(message: number, node: number): void {
    if (message >= this.nodes.length) {
      const larger = new Uint16Array(Math.max(2 * this.nodes.length, message + 1));
      larger.set(this.nodes);
      this.nodes = larger;
    }
    this.nodes[message] = node;
  }

  has(message: number, node: number): boolean {
    return this.nodes[message] === node;
  }
}
