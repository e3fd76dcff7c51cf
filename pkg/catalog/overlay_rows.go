package catalog

import (
	"slices"

	"headroom/pkg/diag"
)

// OverlayRow is a row of an overlay: what it prices, and where it stands.
type OverlayRow struct {
	Pos     diag.Pos
	Table   string // ec2, usage or managed
	Region  string
	Service string   // "" of ec2
	Item    string   // a node type, or what of the service
	Terms   []string // for which it has a price: on-demand, reserved-1y-none, spot …
}

// Name is what the row prices, for the reader: us-east-1 elb/ALB hour.
func (r *OverlayRow) Name() string {
	if r.Service == "" {
		return r.Region + " " + r.Item
	}
	return r.Region + " " + r.Service + "/" + r.Item
}

// OverlayRows lists the rows of all overlays, in their order.
func (v *Vintage) OverlayRows() []OverlayRow {
	var out []OverlayRow
	for _, o := range v.overlays {
		for _, s := range o.sections {
			for row := range s.t.len() {
				out = append(out, s.row(row))
			}
		}
	}
	return out
}

func (s *section) row(i int) OverlayRow {
	at := func(column string) string { return s.t.cell(i, s.t.col(column)) }
	r := OverlayRow{Pos: diag.Pos{File: s.t.name, Line: s.t.line(i)}, Table: s.kind.name, Region: at("region"),
		Service: at("service"), Item: at(s.kind.mark)}
	if s.kind.terms == nil {
		r.Terms = []string{termOnDemand}
		return r
	}
	for _, spec := range s.kind.terms {
		priced := s.t.cell(i, s.t.named(spec.rate)) != "" || s.t.cell(i, s.t.named(spec.fee)) != ""
		if priced && !slices.Contains(r.Terms, spec.term) {
			r.Terms = append(r.Terms, spec.term)
		}
	}
	if at("spot_savings_pct") != "" && !slices.Contains(r.Terms, "spot") {
		r.Terms = append(r.Terms, "spot")
	}
	return r
}
