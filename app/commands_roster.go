package app

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"strings"

	"gsl/app/access"
	"gsl/app/kit/territory"
	"gsl/app/people"
	"gsl/tenants"
)

func prepareMunicipalityAdd(flags *flag.FlagSet, config *Config) work {
	model := flags.Int("model", 1, "management model: 1 every desk takes people, 2 one front desk")
	return func(ctx context.Context, term terminal, codes []string) error {
		if len(codes) == 0 || (*model != 1 && *model != 2) {
			return usagef("give one or more CUT codes of five digits, and --model 1 or 2")
		}
		return opened(ctx, *config, func(a *App) error {
			for _, code := range codes {
				who, err := identityOf(code, *model)
				if err != nil {
					return err
				}
				m, err := a.Files.Provision(ctx, who)
				if err != nil {
					return fmt.Errorf("%s: %w", code, err)
				}
				say(term, "%s %s is ready\n", m.Code, m.Name)
			}
			return nil
		})
	}
}

// identityOf names the municipality that runs the commune with the code.
func identityOf(code string, model int) (tenants.Identity, error) {
	m, ok := territory.MunicipalityOf(code)
	if !ok {
		return tenants.Identity{}, usagef("%q is not the CUT code of a commune, for example 05802", code)
	}
	return tenants.Identity{Code: m.Code, Name: m.Name, Kind: "municipality", Model: model, Communes: m.Communes}, nil
}

func prepareMunicipalityList(_ *flag.FlagSet, config *Config) work {
	return func(ctx context.Context, term terminal, _ []string) error {
		return opened(ctx, *config, func(a *App) error {
			list, err := a.Files.Municipalities(ctx)
			for _, who := range list {
				m, err := a.Files.Municipality(ctx, who.ID)
				if err != nil {
					return err
				}
				say(term, "%s  %-28s model %d  %s\n", who.Code, who.Name, who.Model, m.Status())
			}
			return err
		})
	}
}

func prepareStatus(status tenants.Status) func(*flag.FlagSet, *Config) work {
	return func(_ *flag.FlagSet, config *Config) work {
		return func(ctx context.Context, term terminal, codes []string) error {
			if len(codes) == 0 {
				return usagef("give one or more CUT codes")
			}
			return opened(ctx, *config, func(a *App) error {
				for _, code := range codes {
					m, err := a.byCode(ctx, code)
					if err != nil {
						return err
					}
					if err := a.Files.SetStatus(ctx, m.ID, status); err != nil {
						return err
					}
					say(term, "%s %s: %s\n", m.Code, m.Name, status)
				}
				return nil
			})
		}
	}
}

// byCode finds a provisioned municipality.
func (a *App) byCode(ctx context.Context, code string) (*tenants.Municipality, error) {
	list, err := a.Files.Municipalities(ctx)
	if err != nil {
		return nil, err
	}
	for _, who := range list {
		if who.Code == code {
			return a.Files.Municipality(ctx, who.ID)
		}
	}
	return nil, usagef("no municipality %q here; gsl municipality list shows them, gsl municipality add makes one", code)
}

func prepareMigrate(_ *flag.FlagSet, config *Config) work {
	return func(ctx context.Context, term terminal, _ []string) error {
		return opened(ctx, *config, func(a *App) error {
			err := a.Files.MigrateAll(ctx, func(p tenants.Progress) { say(term, "\r%d of %d", p.Done, p.Total) })
			say(term, "\n")
			return err
		})
	}
}

func prepareUserAdd(flags *flag.FlagSet, config *Config) work {
	run := flags.String("run", "", "the person's RUN")
	given := flags.String("given-names", "", "given names")
	surnames := flags.String("surnames", "", "surnames")
	profession := flags.String("profession", "", "profession, as it is signed")
	registration := flags.String("registration", "", "number in the professional register")
	role := flags.String("role", "", "role code, for example case_manager")
	municipality := flags.String("municipality", "", "CUT code; none for national roles")
	unit := flags.String("unit", "", "unit code: social, rsh, subsidies, families, care, other")
	return func(ctx context.Context, term terminal, _ []string) error {
		parsed, err := people.ParseRUN(*run)
		if err != nil {
			return usagef("--run: the RUN is not valid")
		}
		return opened(ctx, *config, func(a *App) error {
			password, err := readPassword(term)
			if err != nil {
				return err
			}
			if _, err := a.Access.AddUser(ctx, access.Console(), access.NewUser{RUN: parsed.Body(), GivenNames: *given, Surnames: *surnames,
				Profession: *profession, Registration: *registration, Password: password}); err != nil {
				return err
			}
			if *role == "" {
				return nil
			}
			_, err = a.Access.AddMembership(ctx, access.Console(), access.NewMembership{RUN: parsed.Body(), Municipality: *municipality, Role: *role, Unit: *unit})
			return err
		})
	}
}

// readPassword takes one line of standard input, so that no password stands in
// the list of processes or in the shell's history.
func readPassword(term terminal) (string, error) {
	say(term, "password (one line on standard input): ")
	line, err := bufio.NewReader(term.in).ReadString('\n')
	if err != nil && line == "" {
		return "", usagef("give the password as one line on standard input")
	}
	return strings.TrimRight(line, "\r\n"), nil
}

func prepareUserList(_ *flag.FlagSet, config *Config) work {
	return func(ctx context.Context, term terminal, _ []string) error {
		return opened(ctx, *config, func(a *App) error {
			users, err := a.Access.ListUsers(ctx, access.Console())
			for _, u := range users {
				state := ""
				if !u.DisabledAt.IsZero() {
					state = "  disabled"
				}
				say(term, "%-14s %s%s\n", people.RUNOf(u.RUN).Format(), u.Name(), state)
				for _, m := range u.Memberships {
					say(term, "    %-20s %-18s %s\n", m.Role, m.Municipality, m.UnitName)
				}
			}
			return err
		})
	}
}

func prepareUserDisable(flags *flag.FlagSet, config *Config) work {
	run := flags.String("run", "", "the person's RUN")
	return func(ctx context.Context, _ terminal, _ []string) error {
		parsed, err := people.ParseRUN(*run)
		if err != nil {
			return usagef("--run: the RUN is not valid")
		}
		return opened(ctx, *config, func(a *App) error {
			return a.Access.DisableUser(ctx, access.Console(), parsed.Body())
		})
	}
}

func prepareUserReset(flags *flag.FlagSet, config *Config) work {
	run := flags.String("run", "", "the person's RUN")
	return func(ctx context.Context, term terminal, _ []string) error {
		parsed, err := people.ParseRUN(*run)
		if err != nil {
			return usagef("--run: the RUN is not valid")
		}
		return opened(ctx, *config, func(a *App) error {
			password, err := readPassword(term)
			if err != nil {
				return err
			}
			return a.Access.ResetPassword(ctx, access.Console(), parsed.Body(), password)
		})
	}
}

func prepareUserResetFactor(flags *flag.FlagSet, config *Config) work {
	run := flags.String("run", "", "the person's RUN")
	return func(ctx context.Context, _ terminal, _ []string) error {
		parsed, err := people.ParseRUN(*run)
		if err != nil {
			return usagef("--run: the RUN is not valid")
		}
		return opened(ctx, *config, func(a *App) error {
			return a.Access.ResetFactorByRUN(ctx, access.Console(), parsed.Body())
		})
	}
}
