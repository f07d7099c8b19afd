/**
 * To be imported before a test: the addon that it loads is the one at SUPERDAEMON_TEST_ADDON, wherever it looks for it.
 * Only the checks of the addon do this (sanitize.sh, valgrind.sh); superdaemon itself knows no such variable.
 */
const { dlopen } = process;
const replacement = process.env.SUPERDAEMON_TEST_ADDON;
if (!replacement) throw new Error('SUPERDAEMON_TEST_ADDON is not set');
process.dlopen = (target, file, ...flags) => {
  dlopen.call(process, target, file.endsWith('/build/Release/superdaemon.node') ? replacement : file, ...flags);
};
