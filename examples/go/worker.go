// A worker in Go with its own reader of SERVER_STARTER_PORT, losing no request when it is told to end:
//
//	go build -o worker examples/go/worker.go && start_server --port=8080 -- ./worker
package main

import (
	"context"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

// listeners opens every entry of "8080=3;/tmp/app.sock=4": the number after the last "=" is a descriptor that listens.
func listeners() ([]net.Listener, error) {
	var opened []net.Listener
	for _, entry := range strings.Split(os.Getenv("SERVER_STARTER_PORT"), ";") {
		fd, err := strconv.Atoi(entry[strings.LastIndex(entry, "=")+1:])
		if err != nil {
			return nil, fmt.Errorf("SERVER_STARTER_PORT holds %q: start me with start_server", entry)
		}
		listener, err := net.FileListener(os.NewFile(uintptr(fd), entry))
		if err != nil {
			return nil, err
		}
		// start_server removes a socket's file; a worker that does leaves the others without one.
		if unix, ok := listener.(*net.UnixListener); ok {
			unix.SetUnlinkOnClose(false)
		}
		opened = append(opened, listener)
	}
	return opened, nil
}

func main() {
	var stopping atomic.Bool
	answer := fmt.Sprintf("generation %s, pid %d\n", os.Getenv("SERVER_STARTER_GENERATION"), os.Getpid())
	server := http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		// Kept connections are closed with an answer, never between two: the next request may be under way there.
		if stopping.Load() {
			w.Header().Set("Connection", "close")
		}
		fmt.Fprint(w, answer)
	})}

	opened, err := listeners()
	if err != nil {
		log.Fatal(err)
	}
	// Before the first answer: a signal that nobody waits for would end the process.
	ending := make(chan os.Signal, 1)
	signal.Notify(ending, syscall.SIGTERM)
	for _, listener := range opened {
		go func(listener net.Listener) {
			if err := server.Serve(listener); err != http.ErrServerClosed {
				log.Fatal(err)
			}
		}(listener)
	}

	<-ending
	stopping.Store(true)
	// A second for busy connections to get their last answer; Shutdown then ends the idle ones and waits for the others.
	time.Sleep(time.Second)
	limited, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if err := server.Shutdown(limited); err != nil {
		log.Fatal(err)
	}
}
