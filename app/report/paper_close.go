package report

import (
	"slices"

	"gsl/app/kit/i18n"
	"gsl/app/kit/pdf"
)

// close is what stands under a report: who signs, who approves, and how anybody
// checks it. A draft has none of it.
func (p *paper) close(s *pdf.Sheet) error {
	if !p.signed() {
		s.Space(6)
		s.Text(p.t("signature.paper.unsigned"), 9, pdf.Muted)
		return nil
	}
	list := []pdf.Signature{p.author()}
	if p.r.Approval.Needed {
		list = append(list, p.head())
	}
	const proof = 34 // signatures and proof stand on one sheet
	s.Keep(pdf.SignaturesHeight + proof)
	s.Signatures(list)
	return s.Proof(pdf.Proof{
		Title: p.t("signature.paper.proof"),
		URL:   p.base + "/v/" + p.r.Signature.Code,
		Code:  p.r.Signature.Code,
		Lines: []string{p.tf("signature.paper.proof_text", "Address", p.base+"/v"), "SHA-256 " + p.r.Signature.Digest},
	})
}

func (p *paper) author() pdf.Signature {
	a := &p.f.Author
	lines := []string{a.Profession}
	if a.Registration != "" {
		lines = append(lines, p.tf("signature.paper.registration", "Number", a.Registration))
	}
	return pdf.Signature{Name: a.Name, Lines: append(lines, p.f.Unit),
		Above: []string{p.t("signature.paper.signed"), i18n.DateTime(p.ctx, p.r.Signature.At)}}
}

// head is who approves, as the report names them; who did it when that is somebody else.
func (p *paper) head() pdf.Signature {
	a := &p.r.Approval
	seal := pdf.Signature{Name: a.HeadName, Lines: []string{a.HeadPosition}, Above: []string{p.t("signature.paper.not_approved")}}
	if !a.At.IsZero() {
		seal.Above = []string{p.t("signature.paper.approved"), i18n.DateTime(p.ctx, a.At)}
		if a.Name != a.HeadName {
			seal.Lines = append(seal.Lines, p.tf("signature.paper.approved_by", "Name", a.Name))
		}
	}
	seal.Lines = slices.DeleteFunc(seal.Lines, func(line string) bool { return line == "" })
	return seal
}
