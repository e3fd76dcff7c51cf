package catalog

import (
	"strings"

	"headroom/pkg/money"
)

// confirms names the billed item that a row with the role check repeats, and
// by how much its figure is larger. Rows of other units or of services that
// the tables price nowhere else confirm nothing.
func confirms(service, item string) (billed string, times int64, ok bool) {
	switch {
	case strings.HasSuffix(item, " (second source)"):
		return strings.TrimSuffix(item, " (second source)"), 1, true
	case service == "data-transfer" && item == "between AZs (intra-region), each direction":
		return "between AZs, out", 1, true
	case service == "data-transfer" && item == "to another US East region":
		return "", 1, true
	case service == "ebs" && strings.HasSuffix(item, " storage (annual)"):
		return strings.TrimSuffix(item, " (annual)"), 12, true
	}
	return "", 0, false
}

// second is a row of a second source, with the item it confirms and by how much
// its figure is larger.
type second struct {
	path          string
	line          int
	service, item string
	tier          money.Tier
	times         int64
}

// confirmed compares a second source with the tier it repeats.
func (vf *verifier) confirmed(r *RegionPrices, x second) {
	if x.item == "" { // the other of the two US East regions
		x.item = "to us-east-2"
		if r.name == "us-east-2" {
			x.item = "to us-east-1"
		}
	}
	tiers, ok := r.usageNamed(x.service, x.item)
	if !ok {
		vf.addf(x.path, x.line, "the row confirms %s %s, which has no price", x.service, x.item)
		return
	}
	for _, t := range tiers {
		if t.Tier.From.Cmp(x.tier.From) != 0 {
			continue
		}
		if !t.Price.Rate.Scale(money.Int(x.times)).Equal(x.tier.Rate) {
			vf.addf(x.path, x.line, "the second source has %s, the price of %s is %s",
				x.tier.Rate, x.item, t.Price.Rate)
		}
		return
	}
	vf.addf(x.path, x.line, "no tier of %s begins at %s", x.item, x.tier.From)
}

// allTerms holds the EC2 table against the one type for which every term is
// known: on demand and the no-upfront terms must be equal, and the annual
// figure of three years all upfront must be the effective hourly rate × 8760
// to the cent.
func (vf *verifier) allTerms(v *Vintage) {
	path := v.name + "/" + tableCheck + "/ec2_all_terms.csv"
	if _, ok := vf.cat.find(path); !ok {
		return
	}
	t, err := vf.cat.readTable(path, ec2Table().required()...)
	if err != nil {
		vf.add(err)
		return
	}
	region, typ := t.col("region"), t.col("instance_type")
	for row := range t.len() {
		r, err := v.Region(t.cell(row, region))
		if err != nil {
			vf.add(err)
			continue
		}
		check, err := newSheet(t, ec2Table(), path, r.name)
		if err != nil {
			vf.add(err)
			continue
		}
		vf.compareTerms(r, check, row, t.cell(row, typ))
		if bad := unordered(check, row); bad != "" {
			vf.addf(path, t.line(row), "%s", bad)
		}
	}
}

func (vf *verifier) compareTerms(r *RegionPrices, check *sheet, row int, typ string) {
	sheets, err := r.loadEC2()
	if err != nil {
		vf.add(err)
		return
	}
	for i, s := range check.specs {
		want, ok, err := check.price(row, i)
		if err != nil {
			vf.add(err)
		}
		if !ok {
			continue
		}
		have, ok := r.lookup(sheets, typ, i)
		if ok && !have.Rate.Equal(want.Rate) {
			vf.addf(check.t.name, check.t.line(row), "%s of %s in %s is %s here and %s in the table", s.term, typ,
				r.name, want.Rate, have.Rate)
		}
		if s.term != "reserved-3y-all" || s.basis != Effective {
			continue
		}
		if annual, ok := r.lookup(sheets, typ, i+1); ok {
			year := want.Rate.Times(money.Int(HoursPerYear)).Cents()
			if !year.Equal(annual.Rate.Times(money.Int(1))) {
				vf.addf(check.t.name, check.t.line(row), "%s × 8760 is %s a year, the table has %s", want.Rate, year,
					annual.Rate)
			}
		}
	}
}

// unordered tells whether paying more upfront or committing longer costs more.
func unordered(sh *sheet, row int) string {
	for _, order := range [][]string{
		{"on-demand", "reserved-1y-none", "reserved-1y-partial", "reserved-1y-all", "reserved-3y-none",
			"reserved-3y-partial", "reserved-3y-all"},
		{"on-demand", "convertible-1y-none", "convertible-1y-partial", "convertible-1y-all", "convertible-3y-none",
			"convertible-3y-partial", "convertible-3y-all"},
	} {
		var last TermPrice
		for _, term := range order {
			for i, s := range sh.specs {
				if s.term != term {
					continue
				}
				p, ok, err := sh.price(row, i)
				if err != nil || !ok {
					continue
				}
				if last.Term != "" && p.Rate.Cmp(last.Rate) >= 0 {
					return p.Term + " is not below " + last.Term
				}
				last = p
			}
		}
	}
	return ""
}

func hoursOf(years int) money.Quantity { return money.Int(int64(years) * HoursPerYear) }

func parseRate(s string) (money.Rate, error) { return money.ParseRate(strings.TrimSpace(s)) }
