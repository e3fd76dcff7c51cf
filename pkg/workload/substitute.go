package workload

import (
	"slices"

	"headroom/pkg/diag"
	"headroom/pkg/strict"
)

// WithWorkload is the system of p under the workload of another profile: peak,
// request classes, load curve, existing data, growth and horizon and, where
// both have the same regions, the regions' shares and clocks. Neither profile
// is changed. It is an error where p cannot have that workload: a class enters
// at a component that p does not have, or one profile has no workload at all.
func (p *Profile) WithWorkload(of *Profile) (*Profile, error) {
	q := *p
	q.Peak, q.Classes, q.Curve = of.Peak, of.Classes, of.Curve
	q.Data, q.Growth, q.Horizon, q.Lead = of.Data, of.Growth, of.Horizon, of.Lead
	if slices.Equal(p.RegionNames(), of.RegionNames()) {
		q.Regions = slices.Clone(p.Regions)
		for i := range q.Regions {
			q.Regions[i].Share, q.Regions[i].TZ = of.Regions[i].Share, of.Regions[i].TZ
		}
	}
	var ps diag.Problems
	if (p.Peak.Users.V > 0) != (of.Peak.Users.V > 0) {
		ps.Addf(of.Peak.Pos, "", "one of the two profiles has no workload")
	}
	q.check(&ps)
	return &q, ps.Err()
}

// Changed is a copy of the profile with changed copies of its components.
func (p *Profile) Changed(change func(*Component)) *Profile {
	q := *p
	q.Components = make(strict.Map[*Component], len(p.Components))
	for i, e := range p.Components {
		c := *e.V
		change(&c)
		e.V = &c
		q.Components[i] = e
	}
	return &q
}
