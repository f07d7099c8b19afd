/**
 * Takes the place of node:module in the bundle: to load that takes a third of a millisecond, and it is needed only where
 * the addon has to be searched for. It is loaded as `module` here, since this file does not take the place of that name.
 */
/* global require -- in the bundle, which is CommonJS */
// eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would be done at the start
export const createRequire = (file) => require('module').createRequire(file);
