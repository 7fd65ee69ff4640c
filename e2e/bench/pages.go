package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
)

// measurePages measures every page in one host and, in a second host that was
// built with the audit taken out, the screening page once more.
func (b *bench) measurePages(ctx context.Context) error {
	demo, err := b.data.demo(ctx)
	if err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	if b.results.Pages, err = b.inHost(ctx, self, demo, b.plan); err != nil {
		return err
	}
	if b.results.Pages[0].Name != screeningPage {
		return nil
	}
	silent, err := b.buildSilent(ctx)
	if err != nil {
		return err
	}
	plan := b.plan
	plan.Targets, plan.Profile = screeningPage, ""
	found, err := b.inHost(ctx, silent, demo, plan)
	if err != nil {
		return err
	}
	found[0].Name += silently
	b.results.Pages = append(b.results.Pages[:1:1], append(found, b.results.Pages[1:]...)...)
	return nil
}

// inHost has pages measured by a host of its own, on a copy of the demo.
func (b *bench) inHost(ctx context.Context, program, demo string, plan hostPlan) (found []measured, err error) {
	return found, b.askHost(ctx, program, demo, plan, &found)
}

// hostLog is where the host of a data directory logs, as a service's stderr would.
func hostLog(data string) string { return data + ".log" }

// askHost runs a host and reads what it found.
func (b *bench) askHost(ctx context.Context, program, demo string, plan hostPlan, found any) error {
	var err error
	if plan.Data, err = b.data.copy(demo); err != nil {
		return err
	}
	plan.Scale = b.data.scale
	text, err := json.Marshal(plan)
	if err != nil {
		return err
	}
	host := exec.CommandContext(ctx, program, "host") //nolint:gosec // ourselves
	host.Stdin, host.Stderr = bytes.NewReader(text), os.Stderr
	said, err := host.Output()
	if err != nil {
		log, _ := os.ReadFile(hostLog(plan.Data))
		return fmt.Errorf("host: %w\n%s", err, tail(log))
	}
	return errors.Join(json.Unmarshal(said, found), os.RemoveAll(plan.Data))
}

// The view's row in the trail is written by this function of this file.
const (
	auditFile = "app/kit/audit/audit.go"
	auditFunc = "Looked"
)

// buildSilent builds this command once more with a trail of views that is not
// kept, to see what keeping it costs. The compiler is given another text for one
// function; the program itself has no such switch, so nobody can find it.
func (b *bench) buildSilent(ctx context.Context) (string, error) {
	text, err := withoutBody(auditFile, auditFunc)
	if err != nil {
		return "", err
	}
	dir, err := filepath.Abs(b.data.runs)
	if err != nil {
		return "", err
	}
	original, err := filepath.Abs(auditFile)
	if err != nil {
		return "", err
	}
	replaced, overlay, program := filepath.Join(dir, "audit.go"), filepath.Join(dir, "overlay.json"), filepath.Join(dir, "silent")
	replace, err := json.Marshal(map[string]map[string]string{"Replace": {original: replaced}})
	if err != nil {
		return "", err
	}
	if err := errors.Join(os.WriteFile(replaced, text, 0o600), os.WriteFile(overlay, replace, 0o600)); err != nil {
		return "", err
	}
	said, err := exec.CommandContext(ctx, "go", "build", "-overlay", overlay, "-o", program, "./e2e/bench").CombinedOutput() //nolint:gosec // our own tree
	if err != nil {
		return "", fmt.Errorf("build without audit: %w\n%s", err, said)
	}
	return program, nil
}

// withoutBody gives a Go file in which a function does nothing and says so with nil.
func withoutBody(path, name string) ([]byte, error) {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, path, nil, 0)
	if err != nil {
		return nil, err
	}
	found := false
	for _, decl := range file.Decls {
		if f, ok := decl.(*ast.FuncDecl); ok && f.Name.Name == name && f.Recv == nil {
			f.Body.List = []ast.Stmt{&ast.ReturnStmt{Results: []ast.Expr{ast.NewIdent("nil")}}}
			found = true
		}
	}
	if !found {
		return nil, fmt.Errorf("%s has no function %s", path, name)
	}
	var text bytes.Buffer
	err = format.Node(&text, files, file)
	return text.Bytes(), err
}
