package plan

import (
	"context"
	"net/url"
	"strings"

	"gsl/app/access"
	"gsl/app/catalogue"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/fault"
	"gsl/app/people"
	"gsl/tenants"
)

// CartShown is a cart with the file it belongs to.
type CartShown struct {
	Visit
	Cart Cart
}

// Changed is what became of a change to a cart.
type Changed struct {
	CartShown
	Line   Line            // the line concerned; what was typed when it was refused
	Item   *catalogue.Item // nil when the form named none
	Facts  *catalogue.Facts
	Noop   bool     // it was so already: a double click, a second tab
	Joined bool     // it was in the cart already, and took what was typed now
	Advice []Advice // what a written reason has to answer to
}

// Cart gives a file's cart and leaves the trail of the view.
func (s *Service) Cart(ctx context.Context, who actor.Actor, fileID string) (CartShown, error) {
	if err := may(who, access.ManageCart); err != nil {
		return CartShown{}, err
	}
	return s.showCart(ctx, who, fileID)
}

func (s *Service) showCart(ctx context.Context, who actor.Actor, fileID string) (shown CartShown, err error) {
	err = who.Municipality.View(ctx, func(tx *tenants.Tx) (err error) { //nolint:contextcheck // the transaction carries it
		if shown.Visit, err = s.visit(tx, who, fileID, people.CartSection); err != nil {
			return err
		}
		shown.Cart, err = draft(tx, fileID)
		for i := range shown.Cart.Lines {
			shown.Cart.Lines[i].veil(tx.Context(), shown.veil)
		}
		return err
	})
	if err != nil {
		return shown, err
	}
	return shown, shown.seen(ctx, who, "cart")
}

// InCart gives the catalogue codes that the file's cart holds, for the pop-up.
func (s *Service) InCart(ctx context.Context, who actor.Actor, fileID string) (codes map[string]bool, err error) {
	err = who.Municipality.View(ctx, func(tx *tenants.Tx) (err error) {
		codes, err = codesInCart(tx, fileID)
		return err
	})
	return codes, err
}

// Add puts an item of the catalogue into the file's cart. The form holds the
// item's fields and, when the catalogue advises against it, override_reason. The
// same item with the same member and details is one line, however often it is
// sent; another note, quantity or amount goes into that line. fault.Invalid
// names each field; the result then says what was typed.
func (s *Service) Add(ctx context.Context, who actor.Actor, fileID string, form url.Values) (Changed, error) {
	done, err := s.forAdd(ctx, who, fileID, form)
	if err != nil {
		return done, err
	}
	line := done.Line
	err = who.Municipality.Update(ctx, func(tx *tenants.Tx) (err error) {
		done.Line, done.Noop, done.Joined = line, false, false
		return addLine(tx, who, fileID, &done)
	})
	if err != nil {
		return done, err
	}
	done.CartShown, err = s.showCart(ctx, who, fileID)
	return done, err
}

// forAdd judges the item and reads the form, before anything is written.
func (s *Service) forAdd(ctx context.Context, who actor.Actor, fileID string, form url.Values) (done Changed, err error) {
	if err = may(who, access.ManageCart); err != nil {
		return done, err
	}
	if done.Facts, err = s.Facts(ctx, who, fileID); err != nil {
		return done, err
	}
	if done.Item, err = s.item(ctx, who, form.Get(fieldItem)); err != nil {
		return done, err
	}
	line, wrong := readLine(done.Item, done.Facts, form)
	line.Advice = adviceOf(ctx, done.Item, done.Item.Judge(done.Facts))
	if len(line.Advice) == 0 {
		line.OverrideReason = "" // there is nothing to answer to
	}
	done.Line, done.Advice = line, line.Advice
	if len(wrong) > 0 {
		return done, fault.InvalidFields(wrong...)
	}
	return done, nil
}

// item gives the item of a code; a blank or unknown code is the form's fault.
func (s *Service) item(ctx context.Context, who actor.Actor, code string) (*catalogue.Item, error) {
	if strings.TrimSpace(code) == "" {
		return nil, fault.InvalidField(fieldItem, "plan.error.item_needed")
	}
	it, err := s.catalogue.Item(ctx, who, code)
	if fault.Is(err, fault.NotFound) {
		return nil, fault.InvalidField(fieldItem, "plan.error.unknown_item")
	}
	return it, err
}

// addLine writes the line that was typed, unless the cart has it.
func addLine(tx *tenants.Tx, who actor.Actor, fileID string, done *Changed) error {
	if _, err := people.Open(tx, fileID); err != nil {
		return err
	}
	cartID, err := openDraft(tx, fileID)
	if err != nil {
		return err
	}
	line := &done.Line
	same, err := lineByIdentity(tx, cartID, line.identity())
	if err != nil {
		return err
	}
	if same != "" {
		return joinLine(tx, who, fileID, same, done)
	}
	if len(line.Advice) > 0 && line.OverrideReason == "" {
		return fault.InvalidField(fieldReason, "plan.error.reason_needed")
	}
	if err := room(tx, cartID); err != nil {
		return err
	}
	line.ID, line.CartID, line.AddedAt, line.AddedBy, line.AddedByName = tx.NewID(), cartID, tx.Now, who.UserID, who.Name
	if err := insertLine(tx, line); err != nil {
		return err
	}
	return recordLine(tx, who, "cart.add", fileID, line)
}

// joinLine puts what was typed into the line that the cart has already.
func joinLine(tx *tenants.Tx, who actor.Actor, fileID, id string, done *Changed) error {
	cart, err := draft(tx, fileID)
	if err != nil {
		return err
	}
	line := *cart.Line(id)
	done.Joined = line.join(&done.Line)
	done.Noop = !done.Joined
	done.Line = line
	if done.Noop {
		return nil
	}
	if _, wrong := readText(line.Note, catalogue.FieldNote, maxNote); len(wrong) > 0 {
		return fault.InvalidFields(wrong...)
	}
	if err := updateLine(tx, &line); err != nil {
		return err
	}
	return recordLine(tx, who, "cart.edit", fileID, &line)
}

// room reports a full cart.
func room(tx *tenants.Tx, cartID string) error {
	n, err := countLines(tx, cartID)
	if err == nil && n >= maxLines {
		return fault.InvalidFields(fault.Field{Name: fieldItem, Key: "plan.error.cart_full", Args: map[string]any{"Count": maxLines}})
	}
	return err
}

// recordLine moves the cart's version on and leaves the trail of the change.
func recordLine(tx *tenants.Tx, who actor.Actor, action, fileID string, l *Line) error {
	if err := touch(tx, l.CartID); err != nil {
		return err
	}
	detail := map[string]string{"item": l.Code, "cart": l.CartID}
	if l.OverrideReason != "" {
		detail["reason"] = l.OverrideReason
		detail["advice"] = adviceCodes(l.Advice)
	}
	return audit.Record(tx, who, audit.Change{Action: action, Object: l.ID, File: fileID, Detail: detail})
}

func adviceCodes(list []Advice) string {
	codes := make([]string, len(list))
	for i, a := range list {
		codes[i] = string(a.Kind)
	}
	return strings.Join(codes, " ")
}

// Edit changes what the form names of a line: quantity, amount, note, member,
// the item's own fields. What it does not name stays.
func (s *Service) Edit(ctx context.Context, who actor.Actor, fileID, lineID string, form url.Values) (Changed, error) {
	done, err := s.forEdit(ctx, who, fileID, lineID)
	if err != nil {
		return done, err
	}
	edited, wrong := done.Line.edited(done.Item, done.Facts, form)
	done.Line, done.Advice = edited, edited.Advice
	if len(wrong) > 0 {
		return done, fault.InvalidFields(wrong...)
	}
	err = who.Municipality.Update(ctx, func(tx *tenants.Tx) (err error) {
		done.Noop, err = editLine(tx, who, fileID, edited)
		return err
	})
	if err != nil {
		return done, err
	}
	done.CartShown, err = s.showCart(ctx, who, fileID)
	return done, err
}

// Line gives a line with what its form needs, and leaves the trail of the view.
func (s *Service) Line(ctx context.Context, who actor.Actor, fileID, lineID string) (Changed, error) {
	done, err := s.forEdit(ctx, who, fileID, lineID)
	if err != nil {
		return done, err
	}
	return done, done.seen(ctx, who, "cart")
}

// forEdit gives the line with the item it was made of. An item that left the
// catalogue, or asks for other things by now, is asked for what the line holds.
func (s *Service) forEdit(ctx context.Context, who actor.Actor, fileID, lineID string) (done Changed, err error) {
	if err = may(who, access.ManageCart); err != nil {
		return done, err
	}
	err = who.Municipality.View(ctx, func(tx *tenants.Tx) (err error) { //nolint:contextcheck // the transaction carries it
		if done.Visit, err = s.visit(tx, who, fileID, people.CartSection); err != nil {
			return err
		}
		if done.Cart, err = draft(tx, fileID); err != nil {
			return err
		}
		done.Line, err = draftLine(tx, &done.Cart, lineID)
		return err
	})
	if err != nil {
		return done, err
	}
	done.Advice = done.Line.Advice
	if done.Facts, err = s.Facts(ctx, who, fileID); err != nil {
		return done, err
	}
	done.Item, err = s.catalogue.Item(ctx, who, done.Line.Code)
	if fault.Is(err, fault.NotFound) || err == nil && !done.Line.fits(done.Item) {
		done.Item, err = done.Line.itself(), nil
	}
	return done, err
}

// draftLine gives a line of the draft. One that was checked out meanwhile is a
// conflict: the plan exists and its items do not change.
func draftLine(tx *tenants.Tx, cart *Cart, lineID string) (Line, error) {
	if line := cart.Line(lineID); line != nil {
		return *line, nil
	}
	checkedOut, err := lineWasCheckedOut(tx, cart.FileID, lineID)
	if err != nil {
		return Line{}, err
	}
	if checkedOut {
		return Line{}, fault.New(fault.Conflict, "plan.error.cart_checked_out")
	}
	return Line{}, fault.New(fault.NotFound, "fault.not_found")
}

func editLine(tx *tenants.Tx, who actor.Actor, fileID string, edited Line) (noop bool, err error) {
	cart, err := draft(tx, fileID)
	if err != nil {
		return false, err
	}
	before, err := draftLine(tx, &cart, edited.ID)
	if err != nil {
		return false, err
	}
	if !before.RemovedAt.IsZero() {
		return false, fault.New(fault.Conflict, "plan.error.line_removed")
	}
	if before.says(&edited) {
		return true, nil
	}
	same, err := lineByIdentity(tx, cart.ID, edited.identity())
	if err != nil {
		return false, err
	}
	if same != "" && same != edited.ID {
		return false, fault.InvalidField(fieldItem, "plan.error.line_twice")
	}
	if err := updateLine(tx, &edited); err != nil {
		return false, err
	}
	return false, recordLine(tx, who, "cart.edit", fileID, &edited)
}

// Remove takes a line out of the cart; Restore brings it back.
func (s *Service) Remove(ctx context.Context, who actor.Actor, fileID, lineID string) (Changed, error) {
	return s.change(ctx, who, fileID, lineID, func(tx *tenants.Tx, line *Line) (bool, error) {
		if !line.RemovedAt.IsZero() {
			return true, nil
		}
		if err := removeLine(tx, line, who.Name); err != nil {
			return false, err
		}
		return false, recordLine(tx, who, "cart.remove", fileID, line)
	})
}

// Restore undoes a removal.
func (s *Service) Restore(ctx context.Context, who actor.Actor, fileID, lineID string) (Changed, error) {
	return s.change(ctx, who, fileID, lineID, func(tx *tenants.Tx, line *Line) (bool, error) {
		same, err := lineByIdentity(tx, line.CartID, line.identity())
		if err != nil || same != "" || line.RemovedAt.IsZero() {
			return true, err // it is there, or its twin was added meanwhile
		}
		if err := room(tx, line.CartID); err != nil {
			return false, err
		}
		if err := restoreLine(tx, line); err != nil {
			return false, err
		}
		return false, recordLine(tx, who, "cart.restore", fileID, line)
	})
}

func (s *Service) change(ctx context.Context, who actor.Actor, fileID, lineID string, do func(*tenants.Tx, *Line) (bool, error)) (done Changed, err error) {
	if err = may(who, access.ManageCart); err != nil {
		return done, err
	}
	err = who.Municipality.Update(ctx, func(tx *tenants.Tx) error {
		if _, err := people.Open(tx, fileID); err != nil {
			return err
		}
		cart, err := draft(tx, fileID)
		if err != nil {
			return err
		}
		if done.Line, err = draftLine(tx, &cart, lineID); err != nil {
			return err
		}
		done.Noop, err = do(tx, &done.Line)
		return err
	})
	if err != nil {
		return done, err
	}
	done.CartShown, err = s.showCart(ctx, who, fileID)
	return done, err
}
