package app

import "context"

// RunSchedulesOnly begins the scheduled runs that are due, and nothing else of what is.
func (a *App) RunSchedulesOnly(ctx context.Context) error { return a.runSchedules(ctx, a.Clock.Now()) }
