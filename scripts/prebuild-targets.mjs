/**
 * What is prebuilt, and how: the files below prebuilds/, named as src/system/engine/addon.ts, node-gyp-build and the
 * launcher look for them, with the compiler and its flags. Sources, defines and common flags come from the target of
 * that name in binding.gyp.
 */

/** Nothing in a file may depend on where or when it was made, so the linker's number for a build is left out, too. */
const everywhere = ['-g0', '-s'];
const library = [...everywhere, '-shared', '-fPIC', '-ffunction-sections', '-fdata-sections'];

/** Functions of the C++ library that were linked in are not exported: node must not use them in place of its own. */
const exported = '{ global: napi_register_module_v1; node_api_module_get_api_version_v1; local: *; };\n';

// libstdc++ stays a shared library: linked in, it would ask for glibc 2.35, and node itself needs it anyway. -Os is not
// used, since it calls functions that only GLIBCXX_3.4.29 has; with -O2 they are inline.
const glibc = { flags: ['-O2', ...library, '-Wl,--build-id=none,--gc-sections'], exported };
const musl = (triple) => ({
  compiler: 'zig',
  flags: ['-target', triple, '-Os', ...library, '-Wl,--build-id=none', '-Wl,--gc-sections'],
  exported,
});

// These two are for every C library, since they are linked with none.
const preload = { from: 'preload', flags: ['-O2', ...library, '-Wl,--build-id=none,--gc-sections'] };
const sleeper = { from: 'sleeper', flags: everywhere };

// The functions of Node-API are in node, with which nothing can be linked here.
const ofNode = ['-Wl,-undefined,dynamic_lookup', '-Wl,-install_name,superdaemon.node'];
const darwin = (triple) => ({ compiler: 'zig', flags: ['-target', triple, '-Os', ...library, ...ofNode] });

export const targets = [
  { file: 'linux-x64/superdaemon.glibc.node', compiler: 'x86_64-linux-gnu-g++', ...glibc },
  { file: 'linux-arm64/superdaemon.glibc.node', compiler: 'aarch64-linux-gnu-g++', ...glibc },
  { file: 'linux-x64/superdaemon.musl.node', ...musl('x86_64-linux-musl') },
  { file: 'linux-arm64/superdaemon.musl.node', ...musl('aarch64-linux-musl') },
  // As MACOSX_DEPLOYMENT_TARGET in binding.gyp.
  { file: 'darwin-x64/superdaemon.node', ...darwin('x86_64-macos.11.0') },
  { file: 'darwin-arm64/superdaemon.node', ...darwin('aarch64-macos.11.0') },
  { file: 'linux-x64/preload.so', compiler: 'x86_64-linux-gnu-gcc', ...preload },
  { file: 'linux-arm64/preload.so', compiler: 'aarch64-linux-gnu-gcc', ...preload },
  { file: 'linux-x64/sleeper', compiler: 'x86_64-linux-gnu-gcc', ...sleeper },
  { file: 'linux-arm64/sleeper', compiler: 'aarch64-linux-gnu-gcc', ...sleeper },
].map((target) => ({ from: 'superdaemon', ...target }));
