{
  "targets": [
    {
      "target_name": "superdaemon",
      "sources": [
        "native/addon.cc",
        "native/bind_with_mode.cc",
        "native/copied_descriptor.cc",
        "native/described_socket.cc",
        "native/engine.cc",
        "native/environment.cc",
        "native/errors.cc",
        "native/exec.cc",
        "native/fd.cc",
        "native/fd_map.cc",
        "native/listener.cc",
        "native/memory_file.cc",
        "native/path_watch.cc",
        "native/notify.cc",
        "native/program.cc",
        "native/quiet.cc",
        "native/signals.cc",
        "native/spawn.cc",
        "native/spawn_order.cc",
        "native/spawn_plan.cc",
        "native/suspension.cc",
        "native/terminal.cc",
        "native/unix_diag.cc",
        "native/users.cc",
        "native/wait.cc"
      ],
      "include_dirs": ["<!(node -p \"require('node-addon-api').include_dir\")"],
      "defines": ["NAPI_VERSION=9", "NAPI_DISABLE_CPP_EXCEPTIONS"],
      # With it, fcntl becomes fcntl64, which glibc has since 2.28 only; the addon handles no file that could be large.
      "defines!": ["_FILE_OFFSET_BITS=64"],
      "cflags_cc": ["-std=c++17", "-Wall", "-Wextra", "-fno-exceptions", "-fno-rtti", "-fvisibility=hidden"],
      "xcode_settings": {
        "CLANG_CXX_LANGUAGE_STANDARD": "c++17",
        "GCC_ENABLE_CPP_EXCEPTIONS": "NO",
        "GCC_ENABLE_CPP_RTTI": "NO",
        "GCC_SYMBOLS_PRIVATE_EXTERN": "YES",
        "MACOSX_DEPLOYMENT_TARGET": "11.0",
        "WARNING_CFLAGS": ["-Wall", "-Wextra"]
      },
      "conditions": [["'<!(echo ${SUPERDAEMON_WERROR:-})'=='1'", { "cflags_cc": ["-Werror"] }]]
    },
    {
      "target_name": "preload",
      # There is nothing like it elsewhere.
      "type": "none",
      "conditions": [
        ["OS=='linux'", {
          "type": "shared_library",
          "product_prefix": "",
          "product_dir": "<(PRODUCT_DIR)",
          "sources": ["native/preload/going_on.c", "native/preload/preload.c", "native/preload/quick_boot.c"],
          # As above.
          "defines!": ["_FILE_OFFSET_BITS=64"],
          "cflags_c": ["-std=gnu11", "-Wall", "-Wextra", "-fvisibility=hidden"],
          # With nothing at all: what it calls is in node already.
          "ldflags": ["-nostdlib"],
          "libraries!": ["-lm"],
          "conditions": [["'<!(echo ${SUPERDAEMON_WERROR:-})'=='1'", { "cflags_c": ["-Werror"] }]]
        }]
      ]
    },
    {
      "target_name": "sleeper",
      # What it waits with is Linux's own.
      "type": "none",
      "conditions": [
        ["OS=='linux'", {
          "type": "executable",
          "product_extension": "",
          "sources": ["native/sleeper/sleeper.c"],
          "defines!": ["_FILE_OFFSET_BITS=64"],
          "cflags_c": ["-std=gnu11", "-Wall", "-Wextra", "-Os"],
          "conditions": [
            # Without a C library, and with one part only, so that it takes one page of memory.
            ["target_arch=='x64' or target_arch=='arm64'", {
              "cflags_c": ["-ffreestanding", "-fno-stack-protector", "-fno-asynchronous-unwind-tables", "-fno-pic"],
              "ldflags": ["-nostdlib", "-static", "-no-pie", "-Wl,-z,noseparate-code", "-Wl,--build-id=none"],
              "ldflags!": ["-pthread", "-rdynamic"],
              "libraries!": ["-lm"]
            }],
            ["'<!(echo ${SUPERDAEMON_WERROR:-})'=='1'", { "cflags_c": ["-Werror"] }]
          ]
        }]
      ]
    }
  ]
}
