package demo

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"gsl/app/access"
	"gsl/app/kit/fault"
	"gsl/app/kit/territory"
	"gsl/app/people"
)

// Password is the one of every demo account.
const Password = access.DemoPassword

// Account is one operator of the demo.
type Account struct {
	RUN              people.RUN
	GivenNames       string
	Surnames         string
	Role             string
	Unit             string
	MunicipalityCode string // "" for the national administrator
	Municipality     string
}

// Name is how the account's person is shown.
func (a Account) Name() string { return a.GivenNames + " " + a.Surnames }

// Shown reports whether the account is worth a line on a terminal: those of the
// three municipalities of the small demo.
func (a Account) Shown() bool {
	for _, place := range small {
		if place.Code == a.MunicipalityCode {
			return true
		}
	}
	return false
}

// parts are the roles that each municipality has one account of.
var parts = []struct{ role, unit string }{
	{access.FrontDesk, ""},
	{access.RSHDesk, access.RSHUnit},
	{access.SubsidiesDesk, access.SubsidiesUnit},
	{access.CaseManager, access.SocialUnit},
	{access.UnitHead, access.SocialUnit},
	{access.Counterpart, ""},
	{access.Director, ""},
	{access.TechnicalAssistant, ""},
}

// names of the operators, one for each part of each of the three municipalities.
var operators = [][2]string{
	{"Paulina", "Ibarra Cortés"}, {"Rodrigo", "Vera Muñoz"}, {"Marcela", "Tapia Godoy"}, {"Camila", "Rojas Soto"},
	{"Hernán", "Salinas Pizarro"}, {"Ximena", "Lagos Fuentes"}, {"Arturo", "Bravo Henríquez"}, {"Daniela", "Mella Rivas"},
	{"Ernesto", "Catalán Díaz"}, {"Yasna", "Orellana Peña"}, {"Luis", "Moraga Silva"}, {"Francisca", "Núñez Araya"},
	{"Gladys", "Cáceres Leiva"}, {"Patricio", "Donoso Reyes"}, {"Soledad", "Valdés Acuña"}, {"Iván", "Carrasco Toro"},
	{"Karina", "Sepúlveda Jara"}, {"Mauricio", "Espinoza Lara"}, {"Javiera", "Molina Castro"}, {"Ignacio", "Fuentealba Ríos"},
	{"Teresa", "Huenchumilla Paz"}, {"Álvaro", "Contreras Mora"}, {"Beatriz", "Escobar Luna"}, {"Felipe", "Aravena Soto"},
}

// The first RUN body of the demo's operators; people of the registry have others.
const firstOperator = 13_100_101

// Accounts lists the operators of the places, the national administrator first.
func Accounts(places []Place) []Account {
	list := []Account{{RUN: people.RUNOf(firstOperator), GivenNames: "Verónica", Surnames: "Araya Mendoza", Role: access.NationalAdmin}}
	for i, place := range places {
		for j, part := range parts {
			if !place.Full && part.role != access.CaseManager {
				continue
			}
			n := i*len(parts) + j
			name := operators[n%len(operators)]
			list = append(list, Account{RUN: people.RUNOf(firstOperator + 1 + uint32(n)*37), GivenNames: name[0], Surnames: name[1], //nolint:gosec // a few thousand at most
				Role: part.role, Unit: part.unit, MunicipalityCode: place.Code, Municipality: place.Name})
		}
	}
	return list
}

// IsAccount reports whether the RUN is of one of the demo's accounts, of whatever
// scale: everybody knows their password.
func IsAccount(run uint32) bool {
	if run <= firstOperator {
		return run == firstOperator
	}
	n := run - firstOperator - 1
	return n%37 == 0 && int(n/37) < len(territory.Municipalities())*len(parts)
}

// enrol puts the accounts on the roster, two at a time: a password takes its time.
func enrol(ctx context.Context, roster *access.Service, list []Account) error {
	turns := make(chan struct{}, 2)
	errs := make([]error, len(list))
	var wait sync.WaitGroup
	for i, account := range list {
		turns <- struct{}{}
		wait.Go(func() {
			defer func() { <-turns }()
			errs[i] = enrolOne(ctx, roster, account)
		})
	}
	wait.Wait()
	return errors.Join(errs...)
}

func enrolOne(ctx context.Context, roster *access.Service, a Account) error {
	console := access.Console()
	_, err := roster.AddUser(ctx, console, access.NewUser{RUN: a.RUN.Body(), GivenNames: a.GivenNames, Surnames: a.Surnames,
		Profession: profession(a.Role), Password: Password})
	if fault.Is(err, fault.Conflict) {
		return nil // enrolled by an earlier run
	}
	if err != nil {
		return fmt.Errorf("account of role %s: %w", a.Role, err)
	}
	_, err = roster.AddMembership(ctx, console, access.NewMembership{RUN: a.RUN.Body(), Municipality: a.MunicipalityCode, Role: a.Role, Unit: a.Unit})
	return err
}

func profession(role string) string {
	if role == access.CaseManager || role == access.UnitHead {
		return "Trabajadora social"
	}
	return ""
}
