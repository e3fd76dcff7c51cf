package workload

import (
	"fmt"
	"slices"
	"strings"

	"headroom/pkg/diag"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
)

// Settings are what a user decides for any profile: they take the place of what
// it says. The zero value leaves everything to the profile.
type Settings struct {
	Vintage string     // date of the price tables
	Regions []string   // instead of the profile's
	Hours   unit.Count // hours a month; 0 keeps the profile's
	Scope   string     // all or compute

	VintageAt, RegionsAt diag.Pos // where they are set, for problems
}

// With is the profile, which may be an environment, with settings in the place
// of what it says. It is not written itself.
func (p *Profile) With(s Settings) (*Profile, error) {
	q := *p
	if s.Hours > 0 {
		q.HoursPerMonth = strict.Value[unit.Count]{V: s.Hours, Set: true, Source: "command line"}
		if p.Scheduled > 0 {
			q.runs(s.Hours)
		}
	}
	if s.Scope != "" {
		q.Prices.Scope = s.Scope
	}
	if s.Vintage != "" {
		q.Prices.Vintage, q.Prices.Pos = s.Vintage, s.VintageAt
	}
	if len(s.Regions) > 0 {
		if err := q.move(s.Regions, s.RegionsAt); err != nil {
			return nil, diag.Problem{Pos: s.RegionsAt, Summary: err.Error()}
		}
	}
	return &q, nil
}

// move puts the system into other regions. A region of the same name keeps its
// settings; others take the place, and the share, of the region that stood where
// they stand now.
func (p *Profile) move(to []string, at diag.Pos) error {
	old := p.Regions
	moved := map[string]string{}
	p.Regions = nil
	for i, name := range to {
		if slices.Contains(to[:i], name) {
			return fmt.Errorf("region %s is named twice", name)
		}
		r := Region{Name: name, At: strict.At{Pos: at}}
		if k := slices.IndexFunc(old, func(r Region) bool { return r.Name == name }); k >= 0 {
			r = old[k]
		} else if i < len(old) {
			r = old[i]
			r.Name, r.Pos, r.TZ = name, at, strict.Value[TZ]{}
		}
		r.settle()
		if err := r.tooManyZones(); err != nil {
			return fmt.Errorf("%w: change zones in the profile, or leave them out", err)
		}
		if len(to) != len(old) {
			r.Share = strict.Value[unit.Fraction]{}
		}
		if i < len(old) {
			moved[old[i].Name] = name
		}
		p.Regions = append(p.Regions, r)
	}
	if err := p.moveComponents(moved, to); err != nil {
		return err
	}
	p.renamed(moved)
	p.withoutLost()
	return nil
}

// moveComponents names the new regions in the components that run in some only.
func (p *Profile) moveComponents(moved map[string]string, to []string) error {
	components := make(strict.Map[*Component], len(p.Components))
	for i, e := range p.Components {
		c := *e.V
		c.Regions = nil
		for _, name := range e.V.Regions {
			if other, ok := moved[name]; ok {
				c.Regions = append(c.Regions, other)
			}
		}
		if len(e.V.Regions) > 0 && len(c.Regions) == 0 {
			return fmt.Errorf("component %s runs only in %s, which has no counterpart in %s", c.Name,
				strings.Join(e.V.Regions, ", "), strings.Join(to, ","))
		}
		components[i] = e
		components[i].V = &c
	}
	p.Components = components
	return nil
}

// Running is the part of the week in which the system runs.
func (p *Profile) Running() unit.Fraction {
	if p.Scheduled > 0 {
		return unit.Fraction(p.Scheduled)
	}
	return 1
}

// HeldHours are the hours of a month for which is billed what an environment keeps while
// it does not run: all, or none beside its own where it is destroyed.
func (p *Profile) HeldHours() unit.Count {
	if p.Destroyed {
		return p.HoursPerMonth.V
	}
	return p.CommittedHours()
}

// Held is the part of a month for which that is billed.
func (p *Profile) Held() float64 {
	if p.Destroyed {
		return p.Scheduled
	}
	return 1
}

// CommittedHours are the hours of a month under commitment, which is paid in all
// of them, also where the system runs a part of the week.
func (p *Profile) CommittedHours() unit.Count {
	if p.WholeMonth > 0 {
		return p.WholeMonth
	}
	return p.HoursPerMonth.V
}
