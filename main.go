// Command gsl runs Gestión Social Local.
package main

import (
	"os"

	"gsl/app"
)

func main() {
	os.Exit(app.Main(os.Args[1:], os.Stdout, os.Stderr))
}
