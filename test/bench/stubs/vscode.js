class Anything {}

/** A `vscode` in which everything exists, can be called and constructed, and does nothing. */
const anything = new Proxy(Anything, {
  get: (target, key) => {
    if (key === 'prototype') return target.prototype;
    return key === Symbol.toPrimitive ? () => '' : anything;
  },
  set: () => true,
  apply: () => anything,
  construct: () => Object.create(anything),
});

// Bundled code copies a module's own keys and keeps its prototype.
module.exports = Object.create(anything);
