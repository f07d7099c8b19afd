// Spares node a sixth of its boot. V8 draws a seed for the hashes of property names at each start, and orders every
// table of its snapshot by it anew, so that nobody outside can choose names whose hashes collide. Few names reach a
// superdaemon from outside, in requests and messages of bounded length, so it goes on with the order that the snapshot
// has.

#ifndef SUPERDAEMON_PRELOAD_QUICK_BOOT_H
#define SUPERDAEMON_PRELOAD_QUICK_BOOT_H

// To be called before each thread that node starts, and once JavaScript runs. The first of the threads is to serve V8,
// which does not stand yet, and has been given its flags. The last one before JavaScript is the debugger's: then V8
// stands, and the flag is taken back. With another flag than usual V8 would refuse what was compiled ahead, of node
// itself and of the command.
void quickenBoot(void);

#endif
