package resilience

import (
	"fmt"
	"slices"
	"strings"

	"headroom/pkg/availability"
	"headroom/pkg/outage"
	"headroom/pkg/remark"
	"headroom/pkg/unit"
)

// failing is a set of regions that are lost together, and what then is not answered.
type failing struct {
	name   string
	chance float64
	hand   []float64 // part that is not, by kind of request, with people who act at once
	auto   []float64 // the same while nobody does
}

// figures derives the three figures of availability, those that are known.
func (d *deriver) figures() error {
	for _, f := range [...]struct {
		name, source string
		rates        rates
	}{{Contract, "limits/sla.csv", d.contract()}, {History, factsTable, d.history()}, {Own, "the profile", d.own()}} {
		if len(f.rates.missing) > 0 {
			d.add("", remark.Derive("availability, {figure}", f.source, nil, "").Naming("figure", f.name).
				Noting("step.figure_unknown", "keys", f.rates.missing))
			continue
		}
		for _, b := range f.rates.all() {
			d.basis(f.name, f.source, &b)
		}
		sets, err := d.failing(f.name, f.rates.basis)
		if err != nil {
			return err
		}
		d.answered(f.name, &f.rates, sets)
	}
	return nil
}

// basis derives how much of the year a region is there.
func (d *deriver) basis(figure, source string, b *Basis) {
	for _, s := range b.nodes {
		d.add("", s)
	}
	region := b.Region
	if region == "" {
		region = "all regions"
	}
	s := remark.Derive("{region} is there, {figure}", source, unit.RoughPart(b.Part, digits), "")
	switch {
	case b.past.years > 0:
		s = s.Plus("1 − {outages} × {each} / ({years} × {year})", "outages", b.past.events, "each",
			unit.Duration(b.past.meanHours*secondsAnHour), "years", b.past.years, "year",
			unit.Duration(hoursAYear*secondsAnHour))
	case len(b.Of) == 0: // nothing of it is needed
		s = s.Plus("1")
	default:
		var terms []string
		var pairs []any
		for i, of := range b.Of {
			terms = append(terms, "{part of "+of+"} {"+of+"}")
			pairs = append(pairs, "part of "+of, unit.RoughPart(b.factors[i], digits), of, of)
		}
		s = s.Plus(strings.Join(terms, " × "), pairs...)
	}
	d.add("", s.Naming("region", region, "figure", figure))
}

const secondsAnHour = 3600

// failing derives how probable it is that regions are lost without which something is not
// answered.
func (d *deriver) failing(figure string, basis []Basis) ([]failing, error) {
	var out []failing
	err := d.sets(basis, func(chance float64, lost []int, o *outage.Outcome) {
		f := failing{chance: chance}
		most := 0.0
		for i := range o.Journeys {
			f.hand, f.auto = append(f.hand, 1-o.Journeys[i].Hand), append(f.auto, 1-o.Journeys[i].Auto)
			most = max(most, f.hand[i], f.auto[i])
		}
		if most == 0 {
			return
		}
		var names, terms []string
		var pairs []any
		for i := range basis {
			term := "{" + basis[i].Region + "}"
			if slices.Contains(lost, i) {
				names, term = append(names, basis[i].Region), "(1 − "+term+")"
			}
			terms, pairs = append(terms, term), append(pairs, basis[i].Region, unit.RoughPart(basis[i].Part, digits))
		}
		f.name = strings.Join(names, " and ")
		d.add("", remark.Derive("{regions} alone lost, {figure}", modelSection, unit.RoughPart(chance, digits),
			strings.Join(terms, " × "), pairs...).Naming("regions", names, "figure", figure))
		out = append(out, f)
	})
	return out, err
}

// answered derives the figure of each kind of request from what is not answered while regions
// are lost.
func (d *deriver) answered(figure string, r *rates, sets []failing) {
	for i := range d.system.Journeys {
		j := &d.system.Journeys[i]
		kind := j.Class + " reads"
		if j.Writes {
			kind = j.Class + " writes"
		}
		differs := false
		for k := range sets {
			differs = differs || sets[k].hand[i] != sets[k].auto[i]
		}
		name := []any{"kind", kind, "figure", figure}
		d.year("{kind}, {figure}", name, r, sets, func(f *failing) float64 { return f.hand[i] })
		if differs {
			d.year("{kind} if nobody acts, {figure}", name, r, sets, func(f *failing) float64 { return f.auto[i] })
		}
	}
}

// year derives the part of a year in which requests are answered, and the downtime.
func (d *deriver) year(what string, name []any, r *rates, sets []failing, of func(*failing) float64) {
	text, pairs, part := "1", []any{}, 1.0
	for i := range sets {
		if not := of(&sets[i]); not > 0 {
			chance, share := "chance without "+sets[i].name, "not answered without "+sets[i].name
			text += fmt.Sprintf(" − {%s} × {%s} not answered without {%s}", chance, share, sets[i].name)
			pairs = append(pairs, chance, unit.RoughPart(sets[i].chance, digits), share, unit.Fraction(not),
				sets[i].name, sets[i].name)
			part -= float64(sets[i].chance * not)
		}
	}
	if len(r.global.Of) > 0 {
		text, part = "{everywhere} × ("+text+")", float64(part*r.global.Part)
		pairs = append([]any{"everywhere", unit.RoughPart(r.global.Part, digits)}, pairs...)
	}
	d.add("", remark.Derive(what, modelSection, unit.RoughPart(part, digits), text, pairs...).Naming(name...))
	d.add("", remark.Derive("down a year: "+what, modelSection, unit.Duration(availability.DownPerYear(part)),
		"(1 − {part}) × {year}", "part", unit.RoughPart(part, digits), "year",
		unit.Duration(availability.DownPerYear(0))).Naming(name...))
}
