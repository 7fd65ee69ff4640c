package plan

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/benbjohnson/litestream"

	"gsl/app/kit/fault"
	"gsl/tenants"
	"gsl/tenants/tenantstest"
)

// replicated is a house whose replicas lie in a folder elsewhere, and whose
// municipality wants legal acts to be there before they are acknowledged.
func replicated(t *testing.T) (h *house, config *tenants.ReplicaConfig, folder string) {
	t.Helper()
	folder = filepath.Join(t.TempDir(), "elsewhere")
	yml := filepath.Join(t.TempDir(), "litestream.yml")
	text := "dbs:\n  - path: ${GSL_FILE}\n    replica:\n      type: file\n      path: " + folder + "/${GSL_REPLICA}\n"
	if err := os.WriteFile(yml, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	config, err := tenants.ReadReplicaConfig(yml)
	if err != nil {
		t.Fatal(err)
	}
	clock := tenantstest.NewClock()
	h = newHouseIn(t, tenantstest.Open(t, tenants.Options{Clock: clock.Now, Replica: config}), clock)
	if err := h.files.SetLegal(context.Background(), h.limache.ID, true, nil); err != nil {
		t.Fatal(err)
	}
	return h, config, folder
}

// inReplica counts in what the replica holds at this moment.
func (h *house) inReplica(config *tenants.ReplicaConfig, query string, args ...any) (n int) {
	h.t.Helper()
	ctx := context.Background()
	client, err := config.Client("municipalities/" + h.limache.ID + "/e1/main")
	if err != nil {
		h.t.Fatal(err)
	}
	options := litestream.NewRestoreOptions()
	options.OutputPath = filepath.Join(h.t.TempDir(), "restored.db")
	if err := litestream.NewReplicaWithClient(nil, client).Restore(ctx, options); err != nil {
		h.t.Fatal(err)
	}
	db, err := sql.Open("sqlite", options.OutputPath)
	if err != nil {
		h.t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if err := db.QueryRowContext(ctx, query, args...).Scan(&n); err != nil {
		h.t.Fatal(err)
	}
	return n
}

// A plan, a consent and a delivery that were acknowledged are in the replica.
func TestALegalActIsInTheReplicaWhenItIsAcknowledged(t *testing.T) {
	h, config, _ := replicated(t)
	p := h.plan("B001", "E101")
	if n := h.inReplica(config, `SELECT count(*) FROM plan WHERE id = ?`, p.ID); n != 1 {
		t.Errorf("%d plans in the replica", n)
	}
	if _, err := h.save(h.manager, p, 1, map[int]Wanted{1: {Status: "confirmed"}, 2: {Status: "confirmed"}}); err != nil {
		t.Fatal(err, fields(err))
	}
	if n := h.inReplica(config, `SELECT count(*) FROM plan_item WHERE plan_id = ? AND status = 'confirmed'`, p.ID); n != 2 {
		t.Errorf("%d deliveries in the replica", n)
	}
}

// While the replica does not answer, whoever acts is told that it is saved and
// not yet there. Nothing is lost, and asking again does not do it twice.
func TestALegalActWithoutItsReplicaIsSavedAndSaysSo(t *testing.T) {
	h, config, folder := replicated(t)
	ctx := context.Background()
	h.add("item", "E101")
	r, err := h.service.Review(ctx, h.manager, h.file.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.limache.Replicated(ctx); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Rename(folder, folder+".away"), os.WriteFile(folder, nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	form := CheckoutForm{Key: r.Key, Agreed: "signed"}
	begin := time.Now()
	if _, err := h.service.Checkout(ctx, h.manager, h.file.ID, form); !errors.Is(err, tenants.ErrUnsent) {
		t.Fatalf("the first time: %v", err)
	}
	if took := time.Since(begin); took < 4*time.Second || took > 20*time.Second {
		t.Errorf("the first waited %v for the replica", took)
	}
	brief, cancel := context.WithTimeout(ctx, 300*time.Millisecond)
	defer cancel()
	again, err := h.service.Checkout(brief, h.manager, h.file.ID, form)
	if !errors.Is(err, tenants.ErrUnsent) || fault.Is(err, fault.Conflict) {
		t.Fatalf("the second time: %v", err)
	}
	if err := errors.Join(os.Remove(folder), os.Rename(folder+".away", folder)); err != nil {
		t.Fatal(err)
	}
	done, err := h.service.Checkout(ctx, h.manager, h.file.ID, form)
	if err != nil || done.ID == "" || done.ID != again.ID {
		t.Fatalf("when it is there again: %q after %q, %v", done.ID, again.ID, err)
	}
	if n := h.inReplica(config, `SELECT count(*) FROM plan`); n != 1 {
		t.Errorf("%d plans in the replica", n)
	}
}
