/** A part of the probe in a file of its own, in the way of CommonJS. */
module.exports.stackOfAnother = () => new Error('an error of another file').stack;
