package serve

import (
	"context"
	"fmt"

	"headroom/pkg/bill"
	"headroom/pkg/insight"
	"headroom/pkg/report"
	"headroom/pkg/resilience"
	"headroom/pkg/whatif"
)

// billOf is the answer in short: the table, and the pictures that need nothing but the
// bill.
func billOf(e *bill.Estimate) report.Document {
	doc := report.Short(e)
	doc.Sections[0].Facts, doc.Sections[0].Notes = nil, nil // they come with the details, all at once
	return doc
}

// differenceOf is the difference in short, and what there is to see beside that.
func differenceOf(c *whatif.Comparison) (short report.Document, behind []report.Section) {
	doc := report.WhatIf(c)
	if doc.Brief == nil {
		return report.Document{Sections: doc.Sections}, doc.Behind
	}
	return report.Document{Sections: doc.Brief}, append(append(behind, doc.Sections...), doc.Behind...)
}

// firstOf is the section that a reader sees first.
func firstOf(doc report.Document) report.Section {
	if doc.Brief != nil {
		return doc.Brief[0]
	}
	return doc.Sections[0]
}

// more is all that reports of the estimate have beside the answer in short: remarks,
// further pictures, and what they rest on.
func (p *Page) more(ctx context.Context, is *bill.Result, sets []whatif.Assignment, behind []report.Section) (string,
	error) {
	users, err := whatif.OverUsers(ctx, is, usersPoints, func() (*whatif.Model, error) { return p.o.Model.With(sets) })
	if err != nil {
		return "", err
	}
	full := report.Backed([]bill.Estimate{*is.Estimate}, []report.Backing{{Backing: insight.Back(is), Users: users}})
	first := firstOf(full)
	shown := len(billOf(is.Estimate).Sections[0].Charts)
	rest := report.Section{Charts: first.Charts[shown:], Facts: first.Facts, Notes: first.Notes}
	if full.Brief != nil {
		behind = append(behind, full.Sections...)
	}
	doc := report.Document{Sections: []report.Section{rest}, Behind: append(behind, full.Behind...)}
	html, err := report.Fragment(doc)
	if err != nil {
		return "", fmt.Errorf("the details: %w", err)
	}
	return html, nil
}

// failures is what becomes of a plan when something fails, in short.
func failures(is *bill.Result) (string, error) {
	facts, err := is.Plan.Tables.Vintage.Catalog().Facts()
	if err != nil {
		return "", err
	}
	a, err := resilience.Assess(is.Plan, facts, resilience.Options{})
	if err != nil {
		return "", err
	}
	doc := report.Resilience(a)
	return failuresHTML(report.Document{Sections: doc.Brief})
}

// remedies is the same in full, with what protections cost and what would meet the aims.
func (p *Page) remedies(ctx context.Context, sets []whatif.Assignment) (string, error) {
	m, err := p.o.Model.With(sets)
	if err != nil {
		return "", err
	}
	a, err := m.Withstand(ctx, nil)
	if err != nil {
		return "", err
	}
	all := report.Resilience(a).Sections
	for i := range all {
		all[i].Name, all[i].Title, all[i].Lead = "", "", nil // which stand above
	}
	return failuresHTML(report.Document{Sections: all})
}

// failuresHTML are sections about failures, without the remark that a flag has more.
func failuresHTML(doc report.Document) (string, error) {
	for i := range doc.Sections {
		doc.Sections[i].Notes = nil
	}
	html, err := report.Fragment(doc)
	if err != nil {
		return "", fmt.Errorf("the failures: %w", err)
	}
	return html, nil
}

// usersPoints are the points of the picture of the cost over users: fewer than in a report,
// which nobody waits for.
const usersPoints = 13
