package workload

import (
	"headroom/pkg/remark"
	"headroom/pkg/unit"
)

// DemandSteps is how the demand came about, formulas with their figures.
func (p *Profile) DemandSteps(d *Demand) []remark.Step {
	k := &p.Peak
	const model = "MODEL section 1"
	type (
		rate = unit.EventRate
		size = unit.Bytes
	)
	all := func(c *ClassDemand) rate { return c.Reads + c.Writes }
	answers := d.perClass("λ·R + (U/T)·P0 = ", "λ", "R",
		func(c *ClassDemand) (rate, size) { return all(c), c.Response })
	requests := d.perClass("λ·Q = ", "λ", "Q", func(c *ClassDemand) (rate, size) { return all(c), c.Request })
	written := d.perClass("λw·b = ", "λw", "b", func(c *ClassDemand) (rate, size) { return c.Writes, c.Stored })
	factor := func(x float64) remark.Notation {
		return remark.Notate("× {factor}", "factor", unit.WithDecimals(x, 3))
	}
	volume := unit.Count(d.Monthly(float64(d.Requests), d.MeanTotal))
	steps := []remark.Step{
		remark.Derive("requests", model, d.Requests, "λ = U·r = {U} × {r}", "U", d.Users,
			"r", unit.Given(k.RequestsPerUser.V)),
		remark.Derive("writes", model, d.Writes, "λw = w·λ = {w} × {λ}",
			"w", unit.Fraction(safeRatio(float64(d.Writes), float64(d.Requests))), "λ", d.Requests),
		remark.Derive("reads", model, d.Reads, "λr = λ − λw = {λ} − {λw}", "λ", d.Requests, "λw", d.Writes),
		remark.Derive("first pages", model, d.Pages, "U/T = {U} / {T}", "U", d.Users, "T", unit.Given(k.Session.V)),
		summed("egress", d.Egress, answers).Plus("{U/T} × {P0}", "U/T", d.Pages, "P0", unit.Given(k.FirstPage.V)),
		summed("ingress", d.Ingress, requests),
		summed("data written", d.Stored, written),
		remark.Derive("load curve", model, nil, "").Noting("step.curve", "preset", p.Curve.Preset, "file", p.Curve.File,
			"mean", d.Curve.Mean(), "worst", d.Intra),
		remark.Derive("monthly volume", model, remark.Notate("{requests} requests", "requests", volume),
			"λ / intra-hour peak × mean × 3600 × H = {λ} / {intra-hour peak} × {mean} × 3600s × {H}", "λ", d.Requests,
			"intra-hour peak", unit.Rough(d.Intra, 3), "mean", unit.WithDecimals(d.MeanTotal, 3),
			"H", unit.Rough(d.Hours, -1)),
		remark.Derive("growth to the lead month", model, factor(d.Lead), "").
			Noting("step.greatest_between", "from", d.Month, "to", d.LeadMonth),
		remark.Derive("growth", model, factor(d.Growth), "").Noting("step.greatest_of", "months", d.Months),
	}
	return append(append(steps, d.classSteps()...), d.regionSteps()...)
}

// classSteps are the parts of the requests where there are several classes.
func (d *Demand) classSteps() []remark.Step {
	var steps []remark.Step
	if len(d.Classes) > 1 {
		for _, c := range d.Classes {
			rates := remark.Notate("{all}: {reads} reads, {writes} writes",
				"all", c.Reads+c.Writes, "reads", c.Reads, "writes", c.Writes)
			steps = append(steps, remark.Derive("class {class}", "", rates, "share·λ = {share} × {λ}; answers {R}",
				"share", unit.Fraction(c.Share), "λ", d.Requests, "R", unit.Given(c.Response)).Naming("class", c.Name))
		}
	}
	return steps
}

// regionSteps are the peaks of the regions.
func (d *Demand) regionSteps() []remark.Step {
	var steps []remark.Step
	for i := range d.Regions {
		r := &d.Regions[i]
		peak := unit.EventRate(float64(d.Requests) * r.Own.Max())
		step := remark.Derive("region {region}", "", remark.Notate("peak {peak}", "peak", peak), "").
			Naming("region", r.Name).Noting("step.share", "share", r.Share)
		if r.LostFrom != "" {
			step = step.Adding("step.lost", "rate", float64(d.Requests)*r.Lost.Max(), "region", r.LostFrom)
		}
		steps = append(steps, step)
	}
	return steps
}

// summed is a step whose formula has these terms.
func summed(what string, result unit.ByteRate, terms []remark.Notation) remark.Step {
	s := remark.Derive(what, "MODEL section 1", result, "")
	s.Formula = terms
	return s
}

// perClass are the terms of a formula that is a sum over the classes, "symbols = ": a rate
// times a size, those of one size as one.
func (d *Demand) perClass(symbols, rate, size string,
	of func(*ClassDemand) (unit.EventRate, unit.Bytes)) []remark.Notation {
	var sizes []unit.Bytes
	rates := map[unit.Bytes]unit.EventRate{}
	for i := range d.Classes {
		n, each := of(&d.Classes[i])
		if _, seen := rates[each]; !seen {
			sizes = append(sizes, each)
		}
		rates[each] += n
	}
	terms := make([]remark.Notation, len(sizes))
	for i, each := range sizes {
		terms[i] = remark.Notate(symbols+"{"+rate+"} × {"+size+"}", rate, rates[each], size, unit.Given(each))
		symbols = ""
	}
	return terms
}

func safeRatio(a, b float64) float64 {
	if b == 0 {
		return 0
	}
	return a / b
}
