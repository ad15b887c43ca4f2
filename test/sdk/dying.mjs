// A node that exits immediately.
process.exit(3);
