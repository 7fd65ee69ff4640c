//go:build !linux

package app

func giveToOwner(string) error { return nil }
