#pragma once

#include "spawn_plan.h"
#include "wait.h"

#include <sys/types.h>
#include <vector>

namespace superdaemon {

// A child that is to be started as soon as this process is told of a signal, or of the end of another child.
struct SpawnOrder {
    SpawnRequest request;
    int signal = 0;
    // 0: the end of no child.
    pid_t endOf = 0;
    // Signals that end the order when they come together with that.
    std::vector<int> unless;
    // Of the file to which the child writes.
    int output = -1;
};

// Where there is no file, or the system does not tell.
constexpr off_t kUnknown = -1;

// What has come of an order.
struct CarriedOut {
    pid_t pid = 0; // 0: nothing
    // The end that was answered; without a pid where it was the signal.
    Ended ended;
    // How long the file was before.
    off_t size = kUnknown;
};

// Lays out the plan of the child. Takes the place of an order before.
void orderSpawn(SpawnOrder order);

// To be called with the signals that have come, before anybody else hears of them. Carries the order out if it is its
// turn, and ends it in that case and when one of `unless` is among them. Where the child is refused, or would have to
// write a line about its failure, there is none, and somebody else will ask for it.
void answerSignals(const std::vector<int>& arrived);

// Ends the order, and gives what has come of it.
CarriedOut withdrawOrder();

} // namespace superdaemon
