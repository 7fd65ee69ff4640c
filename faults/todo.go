package main

import "context"

const launchWord = "launch"

func launch([]string) int                      { return 1 }
func needsClockShift(*suite) string            { return "todo" }
func damaged(context.Context, *stage) error    { return nil }
func clockJumps(context.Context, *stage) error { return nil }
