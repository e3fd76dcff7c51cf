package plan

import (
	"fmt"
	"slices"
	"strings"

	"headroom/pkg/catalog"
	"headroom/pkg/diag"
	"headroom/pkg/money"
	"headroom/pkg/purchase"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// Options are what the caller decides beside the profile. The zero value
// leaves everything to the profile.
type Options struct {
	Vintage string     // date of the price tables
	Regions []string   // instead of the profile's regions
	Hours   unit.Count // hours a month instead of the profile's; 0 keeps them
	Scope   string     // all or compute
	// Environment is planned instead of production.
	Environment string
	Overlays    []Overlay
	// ShowUnpriced prices what it can and lists the rest, instead of failing.
	ShowUnpriced bool
	// Exhaustive sizes every allowed node type, also those that are too dear
	// to win, so that each has a cost or a reason. The choice is the same.
	Exhaustive bool
	// Force names the machines of components that are then sized but not
	// chosen, for comparing systems with the machines of another plan.
	Force map[string]Machine
	// Lean leaves out what takes more than one search: the closing facts,
	// headroom and what is assumed. All else is the same.
	Lean  bool
	Reuse *Reuse // nil for a single build
	// Purchase is an option for all nodes instead of the profile's: on-demand,
	// optimal, reserved-1y, reserved-3y, spot.
	Purchase string
	// Commit is bought as the user says, beside what would be best.
	Commit []purchase.Commit
	// Adjustments come after the profile's own.
	Adjustments []workload.Adjustment
	Program     Program
}

// Machine is a node type with a storage layout, as Part names them.
type Machine struct{ Type, Storage string }

// Overlay is a file with prices of the user's own.
type Overlay struct {
	File string
	Data []byte
}

// adjust applies the options to a copy of the profile.
func (o Options) adjust(p *workload.Profile) (*workload.Profile, error) {
	q := *p
	if o.Hours > 0 {
		q.HoursPerMonth = strict.Value[unit.Count]{V: o.Hours, Set: true, Source: "command line"}
	}
	env, err := q.Environment(o.Environment)
	if err != nil {
		return nil, err
	}
	q = *env
	if o.Scope != "" {
		q.Prices.Scope = o.Scope
	}
	if o.Vintage != "" {
		q.Prices.Vintage = o.Vintage
	}
	if len(o.Regions) > 0 {
		if err := o.moveRegions(&q); err != nil {
			return nil, err
		}
	}
	return &q, nil
}

// moveRegions puts the system into other regions. A region of the same name
// keeps its settings; others take the place, and the share, of the region that
// stood where they stand now.
func (o Options) moveRegions(p *workload.Profile) error {
	old := p.Regions
	moved := map[string]string{}
	p.Regions = nil
	for i, name := range o.Regions {
		if slices.Contains(o.Regions[:i], name) {
			return fmt.Errorf("region %s is named twice", name)
		}
		r := workload.Region{Name: name, Zones: strict.Value[unit.Count]{V: 3, Assumed: "three availability zones a region"}}
		if k := slices.IndexFunc(old, func(r workload.Region) bool { return r.Name == name }); k >= 0 {
			r = old[k]
		} else if i < len(old) {
			r = old[i]
			r.Name, r.TZ = name, strict.Value[workload.TZ]{}
		}
		if len(o.Regions) != len(old) {
			r.Share = strict.Value[unit.Fraction]{}
		}
		if i < len(old) {
			moved[old[i].Name] = name
		}
		p.Regions = append(p.Regions, r)
	}
	components := make(strict.Map[*workload.Component], len(p.Components))
	for i, e := range p.Components {
		c := *e.V
		c.Regions = nil
		for _, name := range e.V.Regions {
			if to, ok := moved[name]; ok {
				c.Regions = append(c.Regions, to)
			}
		}
		if len(e.V.Regions) > 0 && len(c.Regions) == 0 {
			return fmt.Errorf("component %s runs only in %s, which has no counterpart in %s", c.Name, strings.Join(e.V.Regions, ", "), strings.Join(o.Regions, ","))
		}
		components[i] = e
		components[i].V = &c
	}
	p.Components = components
	return nil
}

// open finds the vintage, with overlays, and checks that it has what the
// profile asks of it.
func (o Options) open(cat *catalog.Catalog, p *workload.Profile) (*catalog.Vintage, error) {
	if v := o.Reuse.vintage(o.tables(p)); v != nil {
		return v, nil
	}
	v, err := cat.Vintage(p.Prices.Vintage)
	if err != nil {
		return nil, diag.Problem{Pos: p.Prices.Pos, Summary: err.Error()}
	}
	for _, ov := range o.Overlays {
		if v, err = v.WithOverlay(ov.File, ov.Data); err != nil {
			return nil, err
		}
	}
	if p.Prices.Scope != "compute" && !v.HasTable("usage") {
		return nil, diag.Problem{Pos: diag.Pos{File: p.File, Line: p.Prices.Pos.Line, Col: p.Prices.Pos.Col},
			Summary: fmt.Sprintf("the tables of %s have EC2 prices only: no storage, transfer or balancers", v.Name()),
			Hint:    "plan compute alone with --scope compute or prices: {scope: compute}, or use other tables"}
	}
	o.Reuse.keep(o.tables(p), v)
	return v, nil
}

// tables names a vintage and the overlays on it.
func (o Options) tables(p *workload.Profile) string {
	name := p.Prices.Vintage
	for _, ov := range o.Overlays {
		name += " " + ov.File
	}
	return name
}

// hours is the month's hours as an exact quantity.
func hours(p *workload.Profile) (money.Quantity, error) {
	return money.Float(float64(p.HoursPerMonth.V))
}
