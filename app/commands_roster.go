package app

import (
	"bufio"
	"context"
	"flag"
	"strings"

	"gsl/app/access"
	"gsl/app/people"
	"gsl/tenants"
)

// byCode finds a provisioned municipality.
func (a *App) byCode(ctx context.Context, code string) (*tenants.Municipality, error) {
	id, err := a.idOf(ctx, code)
	if err != nil {
		return nil, err
	}
	return a.Files.Municipality(ctx, id)
}

func (a *App) idOf(ctx context.Context, code string) (string, error) {
	list, err := a.Files.Municipalities(ctx)
	if err != nil {
		return "", err
	}
	for _, who := range list {
		if who.Code == code {
			return who.ID, nil
		}
	}
	return "", usagef("no municipality %q here; gsl municipality list shows them, gsl municipality add makes one", code)
}

// byCodes finds all of them, or none: a slip in the third code leaves the first two as they are.
func (a *App) byCodes(ctx context.Context, codes []string) ([]*tenants.Municipality, error) {
	list := make([]*tenants.Municipality, 0, len(codes))
	for _, code := range codes {
		m, err := a.byCode(ctx, code)
		if err != nil {
			return nil, err
		}
		list = append(list, m)
	}
	return list, nil
}

func prepareMigrate(_ *flag.FlagSet, config *Config) work {
	return func(ctx context.Context, term terminal, _ []string) error {
		return opened(ctx, *config, func(a *App) error {
			err := a.Files.MigrateAll(ctx, func(p tenants.Progress) { say(term, "\r%d of %d", p.Done, p.Total) })
			if err == nil {
				say(term, "\revery file is at this version's schema\n")
			}
			return err
		})
	}
}

func prepareUserAdd(flags *flag.FlagSet, config *Config) work {
	run := flags.String("run", "", "the person's RUN")
	given := flags.String("given-names", "", "given names; not needed for who is in the roster")
	surnames := flags.String("surnames", "", "surnames; not needed for who is in the roster")
	profession := flags.String("profession", "", "profession, as it is signed")
	registration := flags.String("registration", "", "number in the professional register")
	email := flags.String("email", "", "where links to make a password are sent")
	role := flags.String("role", "", "role code, for example case_manager")
	municipality := flags.String("municipality", "", "CUT code; none for national roles")
	unit := flags.String("unit", "", "unit code: social, rsh, subsidies, families, care, other")
	invite := flags.Bool("invite", false, "read no password: print the link with which the person makes it")
	return func(ctx context.Context, term terminal, _ []string) error {
		parsed, err := people.ParseRUN(*run)
		if err != nil {
			return usagef("--run: the RUN is not valid")
		}
		person := access.NewUser{RUN: parsed.Body(), GivenNames: *given, Surnames: *surnames, Profession: *profession, Registration: *registration, Email: *email}
		give := access.NewMembership{RUN: parsed.Body(), Municipality: *municipality, Role: *role, Unit: *unit}
		return opened(ctx, *config, func(a *App) error {
			if *invite {
				return a.inviteUser(ctx, term, person, give)
			}
			return a.addUser(ctx, term, person, give)
		})
	}
}

// addUser adds a person with a password, or gives somebody of the roster one more role.
func (a *App) addUser(ctx context.Context, term terminal, person access.NewUser, give access.NewMembership) error {
	known, err := a.Access.Known(ctx, access.Console(), person.RUN)
	if err != nil {
		return err
	}
	if !known || give.Role == "" {
		if person.Password, err = readPassword(term); err != nil {
			return err
		}
		if give.Role == "" {
			_, err = a.Access.AddUser(ctx, access.Console(), person)
		} else {
			_, err = a.Access.AddUserAs(ctx, access.Console(), person, give)
		}
		return err
	}
	_, err = a.Access.AddMembership(ctx, access.Console(), give)
	return err
}

// inviteUser prints the link of an invitation; there is none for who has a password.
func (a *App) inviteUser(ctx context.Context, term terminal, person access.NewUser, give access.NewMembership) error {
	made, err := a.Access.InviteUser(ctx, access.Console(), access.Invitation{RUN: person.RUN, GivenNames: person.GivenNames, Surnames: person.Surnames,
		Email: person.Email, Municipality: give.Municipality, Role: give.Role, Unit: give.Unit})
	switch {
	case err != nil:
		return err
	case made.Link == "":
		say(term, "the person has a password already; the role was added\n")
	default:
		say(term, "%s\n", made.Link)
	}
	return nil
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

// prepareUserAccess makes the commands that shut somebody out and let them in again.
func prepareUserAccess(verb func(ctx context.Context, s *access.Service, run uint32) error) func(*flag.FlagSet, *Config) work {
	return func(flags *flag.FlagSet, config *Config) work {
		run := flags.String("run", "", "the person's RUN")
		return func(ctx context.Context, _ terminal, _ []string) error {
			parsed, err := people.ParseRUN(*run)
			if err != nil {
				return usagef("--run: the RUN is not valid")
			}
			return opened(ctx, *config, func(a *App) error { return verb(ctx, a.Access, parsed.Body()) })
		}
	}
}

func disableUser(ctx context.Context, s *access.Service, run uint32) error {
	return s.DisableUser(ctx, access.Console(), run)
}

func enableUser(ctx context.Context, s *access.Service, run uint32) error {
	return s.EnableUser(ctx, access.Console(), run)
}

func prepareUserReset(flags *flag.FlagSet, config *Config) work {
	run := flags.String("run", "", "the person's RUN")
	invite := flags.Bool("invite", false, "read no password: print the link with which the person makes another")
	return func(ctx context.Context, term terminal, _ []string) error {
		parsed, err := people.ParseRUN(*run)
		if err != nil {
			return usagef("--run: the RUN is not valid")
		}
		return opened(ctx, *config, func(a *App) error {
			if *invite {
				made, err := a.Access.ResetByRUN(ctx, access.Console(), parsed.Body())
				if err == nil {
					say(term, "%s\n", made.Link)
				}
				return err
			}
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
