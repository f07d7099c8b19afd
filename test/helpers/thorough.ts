/**
 * Whether what takes long for a good reason is done in full: by `npm test -- --thorough`, as .ci/run asks. Otherwise it is
 * done less often, or left out where something else looks at the same, with `onlyThorough` as its reason.
 */
export const isThorough = process.env['TEST_THOROUGH'] === '1';

export const onlyThorough = isThorough ? false : 'takes long; npm test -- --thorough';
