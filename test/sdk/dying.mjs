// A node that ends at once.
process.exit(3);
