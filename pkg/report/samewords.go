package report

import (
	"slices"

	"headroom/pkg/bill"
	"headroom/pkg/remark"
)

// SameWords makes two estimates comparable of which one may have texts where the
// other has values, as a file of the first version has: then what both say of
// their components is made into texts. Otherwise they stay as they are.
func SameWords(a, b *bill.Estimate) (x, y *bill.Estimate) {
	if !hasTexts(a) && !hasTexts(b) {
		return a, b
	}
	return worded(a), worded(b)
}

// hasTexts tells whether something is said of a component as a text.
func hasTexts(e *bill.Estimate) bool {
	isText := func(r remark.Remark) bool { _, ok := r.Verbatim(); return ok }
	return slices.ContainsFunc(e.Parts, func(p bill.Part) bool {
		return isText(p.Brief) || slices.ContainsFunc(p.Detail, isText)
	})
}

// worded is an estimate whose components are described in texts.
func worded(e *bill.Estimate) *bill.Estimate {
	out := *e
	out.Parts = slices.Clone(e.Parts)
	for i := range out.Parts {
		p := &out.Parts[i]
		p.Brief = textOf(p.Brief)
		p.Detail = slices.Clone(p.Detail)
		for j := range p.Detail {
			p.Detail[j] = textOf(p.Detail[j])
		}
	}
	return &out
}

// textOf is a remark as a text, with the region that it is about.
func textOf(r remark.Remark) remark.Remark { return remark.Verbatim(sayOf(r)) }
