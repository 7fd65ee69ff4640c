package app

import (
	"context"
	"flag"
	"fmt"
	"runtime"
	"runtime/debug"

	"gsl/tenants"
)

// The version is written by the linker.
var (
	version = "unversioned"
	commit  = "none"
)

// commands is every verb of the program, in the order of gsl --help.
var commands = []command{
	{"serve", "", "run the server", prepareServe},
	{"demo", "", "create fictitious data and print the accounts", prepareDemo},
	{"municipality add", "CODE…", "provision municipalities or delegations by their CUT code, or many --from a table", prepareMunicipalityAdd},
	{"municipality list", "", "list the municipalities", prepareMunicipalityList},
	{"municipality suspend", "CODE…", "stop work in municipalities, keep their files", prepareStatus("suspended")},
	{"municipality resume", "CODE…", "let suspended municipalities work again", prepareStatus("active")},
	{"municipality archive", "CODE…", "put municipalities away, keep their files", prepareStatus("archived")},
	{"municipality export", "CODE", "make an encrypted copy of a municipality's files", prepareMunicipalityExport},
	{"municipality migrate", "", "bring every file to this version's schema", prepareMigrate},
	{"user add", "", "add a person to the roster, or give one a further role", prepareUserAdd},
	{"user list", "", "list the roster", prepareUserList},
	{"user disable", "", "end a person's access at once", prepareUserAccess(disableUser)},
	{"user enable", "", "let a disabled person in again", prepareUserAccess(enableUser)},
	{"user reset-password", "", "give a person a new password", prepareUserReset},
	{"user reset-factor", "", "take a person's second factor away, so that they enrol anew", prepareUserResetFactor},
	{"import registry", "FILE…", "load the social registry (RSH) and national benefits (RIS) from CSV or XLSX", prepareImportRegistry},
	{"import benefits", "FILE…", "load a municipal benefit registry from CSV or XLSX", prepareImportBenefits},
	{"export benefits", "", "write a municipal benefit registry as CSV", prepareExportBenefits},
	{"backup status", "", "say how every file stands with its replica", prepareBackupStatus},
	{"restore", "", "bring a municipality back as it was, or the whole data directory", prepareRestore},
	{"verify", "", "check every file and audit chain", prepareVerify},
	{"health", "", "ask a running server whether it answers", prepareHealth},
	{"version", "", "print version, commit, SQLite and Go", prepareVersion},
}

func prepareVersion(*flag.FlagSet, *Config) work {
	return func(_ context.Context, term terminal, _ []string) error {
		driver := "?"
		if info, ok := debug.ReadBuildInfo(); ok {
			for _, module := range info.Deps {
				if module.Path == "modernc.org/sqlite" {
					driver = module.Version
				}
			}
		}
		_, err := fmt.Fprintf(term.out, "gsl %s (%s), SQLite %s (driver %s), %s\n", version, commit, tenants.SQLiteVersion, driver, runtime.Version())
		return err
	}
}

// opened runs work on the data directory with everything open, and closes it;
// inside a server, on what the server has open.
func opened(ctx context.Context, config Config, work func(*App) error) (err error) {
	if config.host != nil {
		return work(config.host)
	}
	config.replicate = true
	a, err := Open(ctx, config, nil, nil)
	if err != nil {
		return err
	}
	defer func() { //nolint:contextcheck // closing outlives what was asked for
		if closing := a.Close(); err == nil {
			err = closing
		}
	}()
	return work(a)
}
