package settings_test

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/fault"
	"gsl/app/settings"
)

// noAgreement stands for access, whose own tests are about agreements.
type noAgreement struct{}

func (noAgreement) OwnAgreement(context.Context, actor.Actor) (access.OwnText, error) {
	return access.OwnText{}, nil
}
func (noAgreement) PublishAgreement(context.Context, actor.Actor, string, int) error { return nil }

func townHall(t *testing.T) *office {
	o := newOffice(t)
	o.service.Agreements = noAgreement{}
	return o
}

func picture(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.Set(x, y, color.RGBA{uint8(x), uint8(y), 200, 255}) //nolint:gosec // any colour will do
		}
	}
	return m
}

func encoded(t *testing.T, m image.Image, kind string) []byte {
	t.Helper()
	var b bytes.Buffer
	var err error
	if kind == "jpeg" {
		err = jpeg.Encode(&b, m, nil)
	} else {
		err = png.Encode(&b, m)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Name and contact: kept, in the trail, once, and never over somebody else's change.
func TestTheMunicipalitySaysWhoItIs(t *testing.T) {
	o := townHall(t)
	b := o.browser(o.admin)
	form := url.Values{"official_name": {"Ilustre Municipalidad de Limache"}, "address": {"Av. Palmira Romano Sur 340"}, "phone": {"33 229 7200"},
		"email": {"social@limache.example"}, "version": {"0"}}
	for range 2 {
		if got := b.PostForm("/settings/municipality", form); got.Status != http.StatusSeeOther {
			t.Fatalf("saving answered %d: %s", got.Status, got.Body)
		}
	}
	if n := o.text(`SELECT count(*) || '' FROM audit WHERE action = 'settings.profile'`); n != "1" {
		t.Errorf("%s entries in the trail", n)
	}
	p, err := o.service.Profiles.Of(context.Background(), o.limache)
	if err != nil || p.OfficialName != "Ilustre Municipalidad de Limache" || p.Contact() != "Av. Palmira Romano Sur 340 · 33 229 7200 · social@limache.example" {
		t.Errorf("kept: %+v, %v", p, err)
	}
	form.Set("phone", "33 000 0000")
	late := b.PostForm("/settings/municipality", form) // of a page that is older than the change
	if late.Status != http.StatusConflict {
		t.Errorf("an old page answered %d", late.Status)
	}
	late.Contains(t, "33 000 0000", "33 229 7200")
	form.Set("email", "no es un correo")
	if got := b.PostForm("/settings/municipality", form); got.Status != http.StatusUnprocessableEntity {
		t.Errorf("a broken e-mail: %d", got.Status)
	}
	if got := o.browser(o.head).PostForm("/settings/municipality", form).Status; got != http.StatusForbidden {
		t.Errorf("a head: %d", got)
	}
}

// A shield is read by its content and drawn anew: what else the file carried is gone.
func TestShieldsAreDrawnAnew(t *testing.T) {
	o := townHall(t)
	ctx := context.Background()
	good := map[string][]byte{
		"png": encoded(t, picture(600, 700), "png"), "jpeg": encoded(t, picture(200, 100), "jpeg"), "small": encoded(t, picture(48, 48), "png"),
		"with a tail": append(encoded(t, picture(100, 100), "png"), "<script>alert(1)</script>"...),
		"clear":       encoded(t, image.NewNRGBA(image.Rect(0, 0, 300, 300)), "png"),
	}
	for name, file := range good {
		if err := o.service.SetShield(ctx, o.admin, file); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		p, err := o.service.Profile(ctx, o.admin)
		if err != nil {
			t.Fatal(err)
		}
		for kind, kept := range map[string]struct {
			file []byte
			side int
		}{"shield": {p.Shield, 240}, "mark": {p.Mark, 96}} {
			config, format, err := image.DecodeConfig(bytes.NewReader(kept.file))
			if err != nil || format != "png" || max(config.Width, config.Height) > kept.side || bytes.Contains(kept.file, []byte("script")) {
				t.Errorf("%s: the %s is %s of %d × %d: %v", name, kind, format, config.Width, config.Height, err)
			}
		}
	}
	for name, file := range map[string][]byte{
		"svg": []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), "empty": {}, "text": []byte("hola"),
		"gif": []byte("GIF89a\x30\x00\x30\x00"), "cut": encoded(t, picture(300, 300), "png")[:400], "tiny": encoded(t, picture(10, 10), "png"),
		"too wide": encoded(t, image.NewPaletted(image.Rect(0, 0, 3001, 100), color.Palette{color.Black}), "png"),
		"too long": bytes.Repeat([]byte{0}, settings.LargestShield+1), "html in png's clothes": []byte("\x89PNG\r\n\x1a\n<html>"),
	} {
		if err := o.service.SetShield(ctx, o.admin, file); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := o.service.SetShield(ctx, o.head, good["png"]); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a head: %v", err)
	}
}

// The picture is the municipality's own, shown as a picture and nothing else.
func TestTheShieldIsSent(t *testing.T) {
	o := townHall(t)
	b := o.browser(o.admin)
	if got := b.Get("/shield.png").Status; got != http.StatusNotFound {
		t.Errorf("without a shield: %d", got)
	}
	if err := o.service.SetShield(context.Background(), o.admin, encoded(t, picture(300, 300), "png")); err != nil {
		t.Fatal(err)
	}
	got := b.Get("/shield.png")
	if got.Status != http.StatusOK || got.Header.Get("Content-Type") != "image/png" || !strings.Contains(got.Header.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("the shield: %d %v", got.Status, got.Header)
	}
	page := b.Get("/settings/municipality")
	page.Contains(t, `class="shield-shown" src="/shield.png?v=`, "Quitar el escudo")
	if got := b.PostForm("/settings/municipality/shield", url.Values{"remove": {"1"}}); got.Status != http.StatusSeeOther {
		t.Errorf("taking it away: %d", got.Status)
	}
	if got := b.Get("/shield.png").Status; got != http.StatusNotFound {
		t.Errorf("after it was taken away: %d", got)
	}
	if got := b.PostForm("/settings/municipality/shield", url.Values{}); got.Status != http.StatusUnprocessableEntity {
		t.Errorf("without a file: %d", got.Status)
	}
}

// Legal acts cannot be made to wait for a replica that does not exist.
func TestLegalActsNeedAReplica(t *testing.T) {
	o := townHall(t)
	b := o.browser(o.admin)
	refused := b.PostForm("/settings/municipality/legal", url.Values{"legal": {"on"}})
	if refused.Status != http.StatusUnprocessableEntity || o.limache.Legal() {
		t.Errorf("switched on without a replica: %d", refused.Status)
	}
	refused.Contains(t, "no tiene respaldo continuo")
	if got := b.PostForm("/settings/municipality/legal", url.Values{"legal": {"off"}}); got.Status != http.StatusSeeOther {
		t.Errorf("leaving it off: %d", got.Status)
	}
}
