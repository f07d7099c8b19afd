/**
 * Stands for node:module in the bundle: to load it takes a third of a millisecond, and it is wanted only where the addon
 * has to be searched for. By its other name it is not replaced by this file again.
 */
/* global require -- in the bundle, which is CommonJS */
// eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would be done at the start
export const createRequire = (file) => require('module').createRequire(file);
