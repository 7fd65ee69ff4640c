package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"mime/multipart"
	"net/http"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"
)

// uploadFlood: one office hands in large papers from many windows at once, and
// strangers send large bodies to the address of institutions. People who are in
// are answered, the memory stays where it was, and every paper that was
// acknowledged is whole.
func uploadFlood(ctx context.Context, s *stage) error {
	o, err := s.newOffice(ctx, 4)
	if err != nil {
		return err
	}
	book, err := openLedger(filepath.Join(s.dir, "papers"))
	if err != nil {
		return err
	}
	s.after(book.close)
	d := &desk{stage: s, town: o.towns[1], number: 40, ledger: book, people: 50}
	if d.who, err = o.server.worker(ctx, d.town); err != nil {
		return err
	}
	referrals, err := d.letters(ctx, pick(s.suite, 12, 40))
	if err != nil {
		return err
	}
	before := o.server.usage()
	var kept, refused, strangers atomic.Int64
	_, _, large := paper(20 << 20)
	s.stayQuick(ctx, pick(s.suite, 4*time.Second, 60*time.Second), o, func(ctx context.Context) {
		var all sync.WaitGroup
		for i := range 24 {
			all.Go(func() {
				for n := 0; ctx.Err() == nil; n++ {
					d.handIn(ctx, referrals[(i+n)%len(referrals)], &kept, &refused)
				}
			})
		}
		for i := range 24 {
			all.Go(func() {
				p := newPerson(o.server.Addr, address(4, i))
				for ctx.Err() == nil {
					if got, err := p.send(ctx, http.MethodPost, "/answer/"+fmt.Sprintf("%075d", i), "multipart/form-data; boundary=x", large); err == nil && got.status < 400 {
						s.broken("a stranger's paper was taken: %v", got)
					}
					strangers.Add(1)
					_ = pause(ctx, 50*time.Millisecond)
				}
			})
		}
		top := o.server.highest(ctx)
		all.Wait()
		s.found("memory at most, MB", top.Memory)
		if top.Memory > before.Memory+300 {
			s.broken("memory rose from %d to %d MB", before.Memory, top.Memory)
		}
	})
	s.found("memory before, MB", before.Memory)
	s.found("papers acknowledged", kept.Load())
	s.found("papers asked to come again", refused.Load())
	s.found("large bodies of strangers", strangers.Load())
	if kept.Load() == 0 {
		s.broken("no paper at all was taken")
	}
	if _, err := o.server.stop(); err != nil {
		s.broken("%v", err)
	}
	return s.judge(o.data, o.towns, book.all(), "after the flood of papers")
}

// letters makes so many referrals that papers can be handed in for.
func (d *desk) letters(ctx context.Context, n int) (ids []string, err error) {
	for i := range n {
		file, err := d.lookUp(ctx, citizenRUN(d.number, i))
		if err != nil {
			return nil, err
		}
		id, err := d.refer(ctx, file)
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
		if _, err := d.look(ctx, "/referrals/"+id); err != nil {
			return nil, err
		}
	}
	return ids, nil
}

// paper is a made-up PDF of about the size.
func paper(size int) (name, sum string, body []byte) {
	body = append([]byte("%PDF-1.7\n"), bytes.Repeat([]byte("0123456789abcde\n"), size/16)...)
	var mark [32]byte
	_, _ = rand.Read(mark[:]) // never fails
	body = append(body, hex.EncodeToString(mark[:])+"\n%%EOF\n"...)
	hash := sha256.Sum256(body)
	return "carta.pdf", hex.EncodeToString(hash[:]), body
}

// handIn attaches a paper of four megabytes to a referral.
func (d *desk) handIn(ctx context.Context, referral string, kept, refused *atomic.Int64) {
	name, sum, text := paper(4 << 20)
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	_ = form.WriteField("_token", d.who.formToken())
	_ = form.WriteField("kind", "identity")
	part, err := form.CreateFormFile("file", name)
	if err == nil {
		_, err = part.Write(text)
	}
	if err != nil || form.Close() != nil {
		d.stage.broken("the form of a paper: %v", err)
		return
	}
	got, err := d.who.send(ctx, http.MethodPost, "/referrals/"+referral+"/documents", form.FormDataContentType(), body.Bytes())
	switch {
	case ctx.Err() != nil || err != nil: // no answer, no promise
	case got.status == http.StatusSeeOther:
		kept.Add(1)
		if err := d.note("paper", sum, "1"); err != nil {
			d.stage.broken("%v", err)
		}
	case got.status == http.StatusServiceUnavailable, got.status == http.StatusTooManyRequests, got.status == http.StatusUnprocessableEntity:
		refused.Add(1) // 422: enough papers hang on it
	default:
		d.stage.broken("a paper was answered %v", got)
	}
}
