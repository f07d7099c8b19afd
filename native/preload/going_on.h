// A node that boots to go on with a run: it must not end before it does, since the run has workers and nobody else.

#ifndef SUPERDAEMON_PRELOAD_GOING_ON_H
#define SUPERDAEMON_PRELOAD_GOING_ON_H

#include "preload.h"

// To be called at the start of the process: what it was started with is changed by node later.
void noteOwnStart(void);

// Whether this process is to go on with a run, and could be started again.
int isGoingOn(void);

void waitSecond(void);

// Starts node again, with what this process was started with, until it can be started or somebody wants the end.
void becomeNodeAgain(const struct superdaemon_launch* launch);

#endif
