// Command psc is the Partner Sales Console: the server, its workers, and what an operator does from a terminal.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // people choose zones on machines that lack them

	"psc/internal/boot"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := boot.Run(ctx, boot.Process{Args: os.Args[1:], Env: os.Getenv, Out: os.Stdout, Err: os.Stderr})
	stop()
	os.Exit(code)
}
