package workload

import (
	"fmt"
	"strings"

	"headroom/pkg/unit"
)

// DemandSteps is how the demand came about, formulas filled in.
func (p *Profile) DemandSteps(d *Demand) []Step {
	k := &p.Peak
	const model = "MODEL section 1"
	type (
		rate = unit.EventRate
		size = unit.Bytes
	)
	answers := d.perClass(func(c *ClassDemand) (rate, size) { return c.Reads + c.Writes, c.Response })
	requests := d.perClass(func(c *ClassDemand) (rate, size) { return c.Reads + c.Writes, c.Request })
	written := d.perClass(func(c *ClassDemand) (rate, size) { return c.Writes, c.Stored })
	rows := [][4]string{ // what, formula, result, source
		{"requests", fmt.Sprintf("λ = U·r = %s × %s", d.Users.Human(), k.RequestsPerUser.V), d.Requests.Human(), model},
		{"writes", fmt.Sprintf("λw = w·λ = %s × %s",
			unit.Fraction(safeRatio(float64(d.Writes), float64(d.Requests))).Human(), d.Requests.Human()),
			d.Writes.Human(), model},
		{"reads", fmt.Sprintf("λr = λ − λw = %s − %s", d.Requests.Human(), d.Writes.Human()), d.Reads.Human(), model},
		{"first pages", fmt.Sprintf("U/T = %s / %s", d.Users.Human(), k.Session.V), d.Pages.Human(), model},
		{"egress", fmt.Sprintf("λ·R + (U/T)·P0 = %s + %s × %s", answers, d.Pages.Human(), k.FirstPage.V),
			d.Egress.Human(), model},
		{"ingress", "λ·Q = " + requests, d.Ingress.Human(), model},
		{"data written", "λw·b = " + written, d.Stored.Human(), model},
		{"load curve", fmt.Sprintf("%s, mean %s of the peak; worst minutes %s times the hour",
			p.Curve.curveName(), unit.Decimals(d.Curve.Mean(), 3), unit.Digits(d.Intra, 3)), "", model},
		{"monthly volume", fmt.Sprintf("λ / intra-hour peak × mean × 3600 × H = %s / %s × %s × 3600s × %s",
			d.Requests.Human(), unit.Digits(d.Intra, 3), unit.Decimals(d.MeanTotal, 3), unit.Plain(d.Hours)),
			fmt.Sprintf("%s requests", unit.Count(d.Monthly(float64(d.Requests), d.MeanTotal)).Human()), model},
		{"growth to the lead month", fmt.Sprintf("greatest demand of months %d to %d", d.Month, d.LeadMonth),
			"× " + unit.Decimals(d.Lead, 3), model},
		{"growth", "greatest demand of the next " + unit.Decimals(d.Months, 0) + " months",
			"× " + unit.Decimals(d.Growth, 3), model},
	}
	var steps []Step
	for _, r := range rows {
		steps = append(steps, Step{What: r[0], Formula: r[1], Result: r[2], Source: r[3]})
	}
	return append(append(steps, d.classSteps()...), d.regionSteps()...)
}

// classSteps are the parts of the requests where there are several classes.
func (d *Demand) classSteps() []Step {
	var steps []Step
	if len(d.Classes) > 1 {
		for _, c := range d.Classes {
			steps = append(steps, Step{What: "class " + c.Name,
				Formula: fmt.Sprintf("share·λ = %s × %s; answers %s", unit.Fraction(c.Share).Human(),
					d.Requests.Human(), c.Response),
				Result: fmt.Sprintf("%s: %s reads, %s writes", (c.Reads + c.Writes).Human(), c.Reads.Human(),
					c.Writes.Human())})
		}
	}
	return steps
}

// regionSteps are the peaks of the regions.
func (d *Demand) regionSteps() []Step {
	var steps []Step
	for i := range d.Regions {
		r := &d.Regions[i]
		f := fmt.Sprintf("share %s of the curve, in its own time", unit.Fraction(r.Share).Human())
		res := fmt.Sprintf("peak %s", unit.EventRate(float64(d.Requests)*r.Own.Max()).Human())
		if r.LostFrom != "" {
			lost := unit.EventRate(float64(d.Requests) * r.Lost.Max())
			res += fmt.Sprintf("; %s with %s lost", lost.Human(), r.LostFrom)
		}
		steps = append(steps, Step{What: "region " + r.Name, Formula: f, Result: res})
	}
	return steps
}

// perClass is a sum over the classes of a rate times a size, those of one size as one.
func (d *Demand) perClass(of func(*ClassDemand) (unit.EventRate, unit.Bytes)) string {
	var sizes []unit.Bytes
	rates := map[unit.Bytes]unit.EventRate{}
	for i := range d.Classes {
		rate, size := of(&d.Classes[i])
		if _, seen := rates[size]; !seen {
			sizes = append(sizes, size)
		}
		rates[size] += rate
	}
	terms := make([]string, len(sizes))
	for i, size := range sizes {
		terms[i] = rates[size].Human() + " × " + size.String()
	}
	return strings.Join(terms, " + ")
}

func safeRatio(a, b float64) float64 {
	if b == 0 {
		return 0
	}
	return a / b
}
