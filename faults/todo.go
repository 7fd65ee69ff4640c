package main

import "context"

const launchWord = "launch"

func launch([]string) int                       { return 1 }
func needsPowerCut(*suite) string               { return "todo" }
func needsSmallDisk(*suite) string              { return "todo" }
func needsStrace(*suite) string                 { return "todo" }
func needsClockShift(*suite) string             { return "todo" }
func powerCut(context.Context, *stage) error    { return nil }
func diskFull(context.Context, *stage) error    { return nil }
func ioError(context.Context, *stage) error     { return nil }
func damaged(context.Context, *stage) error     { return nil }
func clockJumps(context.Context, *stage) error  { return nil }
func slowClients(context.Context, *stage) error { return nil }
func uploadFlood(context.Context, *stage) error { return nil }
func loginFlood(context.Context, *stage) error  { return nil }
