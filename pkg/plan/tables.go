package plan

import (
	"fmt"
	"slices"

	"headroom/pkg/catalog"
	"headroom/pkg/diag"
	"headroom/pkg/market"
	"headroom/pkg/money"
	"headroom/pkg/workload"
)

// Overlay is a file with prices of the user's own.
type Overlay struct {
	File  string
	Data  []byte
	Today string // no price may be of a day after it, YYYY-MM-DD; "" where it is not known
}

// Tables are the prices of a vintage in the regions of a profile.
type Tables struct {
	Vintage *catalog.Vintage        // with overlays
	Hours   money.Quantity          // hours that are billed a month
	Regions []*catalog.RegionPrices // in the order of the profile's
	Market  *market.Market          // machines, at the prices of the same regions
}

// NewTables looks regions up in a vintage. The market is EC2's.
func NewTables(v *catalog.Vintage, hours money.Quantity, regions []string) (*Tables, error) {
	t := &Tables{Vintage: v, Hours: hours}
	for _, name := range regions {
		r, err := v.Region(name)
		if err != nil {
			return nil, diag.Problem{Summary: err.Error(),
				Hint: "headroom prices list shows the regions of every vintage"}
		}
		t.Regions = append(t.Regions, r)
	}
	var err error
	t.Market, err = market.New(market.EC2(v.Catalog(), t.Regions))
	return t, err
}

// OpenVintage opens a vintage with overlays on top; the name "" is the newest.
func OpenVintage(cat *catalog.Catalog, name string, overlays []Overlay) (*catalog.Vintage, error) {
	v, err := cat.Vintage(name)
	if err != nil {
		return nil, diag.Problem{Summary: err.Error()}
	}
	return withOverlays(v, overlays)
}

func withOverlays(v *catalog.Vintage, overlays []Overlay) (*catalog.Vintage, error) {
	for _, ov := range overlays {
		var err error
		if v, err = v.WithOverlay(ov.File, ov.Data, ov.Today); err != nil {
			return nil, err
		}
	}
	return v, nil
}

// tables opens the tables of a profile, with overlays, and checks that they have
// what the profile asks of them.
func (o *Options) tables(cat *catalog.Catalog, p *workload.Profile, own *sites) (*Tables, error) {
	v, err := o.vintage(cat, p, own)
	if err != nil {
		return nil, err
	}
	c := o.cache(v, p, own)
	if c.tables == nil {
		c.tables, err = o.open(v, p, own)
	}
	return c.tables, err
}

// open is tables of a vintage.
func (o *Options) open(v *catalog.Vintage, p *workload.Profile, own *sites) (*Tables, error) {
	hours, err := money.Float(float64(p.HoursPerMonth.V))
	if err != nil {
		return nil, err
	}
	if len(p.Regions) == 0 {
		return nil, diag.Problem{Pos: p.Pos, Summary: "no region is given",
			Hint: "add regions to the profile or --regions us-east-1,us-west-2"}
	}
	if err := unknownRegions(v, p); err != nil {
		return nil, err
	}
	t, err := NewTables(v, hours, p.RegionNames())
	if err != nil {
		return nil, err
	}
	if t.Market, err = market.New(market.EC2(v.Catalog(), t.Regions), o.sellers(own, v, t.Regions)...); err != nil {
		return nil, err
	}
	return t, nil
}

// unknownRegions are the regions of a profile that the tables do not have, each where it
// stands.
func unknownRegions(v *catalog.Vintage, p *workload.Profile) error {
	var ps diag.Problems
	known := v.Regions()
	for _, r := range p.Regions {
		if slices.Contains(known, r.Name) {
			continue
		}
		hint := "headroom prices list --coverage shows the regions of the newest tables; one of your own is a " +
			"component: {kind: site, regions: [" + r.Name + "]}"
		if near := diag.Suggest(r.Name, known); near != "" {
			hint = fmt.Sprintf("did you mean %q?", near)
		}
		ps.Addf(r.Pos, hint, "the price tables of %s have no region %q", v.Name(), r.Name)
	}
	return ps.Err()
}

func (o *Options) vintage(cat *catalog.Catalog, p *workload.Profile, own *sites) (*catalog.Vintage, error) {
	name := p.Prices.Vintage + " " + own.key
	for _, ov := range o.Overlays {
		name += " " + ov.File
	}
	if v := o.Reuse.vintage(name); v != nil {
		return v, nil
	}
	v, err := cat.Vintage(p.Prices.Vintage)
	if err != nil {
		return nil, diag.Problem{Pos: p.Prices.Pos, Summary: err.Error()}
	}
	if len(own.places) > 0 {
		v = v.WithSites(own.places)
	}
	if v, err = withOverlays(v, o.Overlays); err != nil {
		return nil, err
	}
	if p.Prices.Scope != scopeCompute && !v.HasTable(catalog.TableUsage) {
		at := p.Prices.Pos // of the profile, or of the setting
		if at.File == "" {
			at.File = p.File
		}
		return nil, diag.Problem{Pos: at,
			Summary: fmt.Sprintf("the tables of %s have EC2 prices only: no storage, transfer or balancers", v.Name()),
			Hint:    "plan compute alone with --scope compute or prices: {scope: compute}, or use other tables"}
	}
	o.Reuse.keep(name, v)
	return v, nil
}

// scopeCompute leaves out everything but nodes.
const scopeCompute = "compute"

// nodeMonth is a month of one machine in a region, in floats for ranking.
func (t *Tables) nodeMonth(region int, m market.Machine) (float64, bool) {
	p, ok := m.Price(region)
	switch {
	case !ok:
		return 0, false
	case p.Monthly:
		return p.Rate.Float64(), true
	}
	return float64(p.Rate.Float64() * t.Hours.Float64()), true
}
