package report

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"headroom/pkg/bill"
	"headroom/pkg/capacity"
	"headroom/pkg/money"
	"headroom/pkg/remark"
	"headroom/pkg/words"
)

// estimate is the file's estimate in the values of today. The totals are not
// looked at: verify does that.
func (f *fileV1) estimate() bill.Estimate {
	e := bill.Estimate{Schema: bill.SchemaName, Program: f.Program, Prices: f.Prices, Profile: f.Profile, Seed: f.Seed,
		Title: f.Title, Hours: f.Hours, Scope: f.Scope, Purchase: f.Purchase, Headline: f.Headline, Regions: f.Regions,
		Mirrored: f.Mirrored, Demand: f.Demand, PerRegion: f.PerRegion, Total: f.Total, Assumed: f.Assumed,
		Inputs: f.Inputs, Parts: []bill.Part{}, Lines: []bill.Line{}, Facts: []remark.Remark{},
		Unpriced: []bill.Unpriced{}, Excluded: []remark.Remark{}}
	if h := f.Headroom; h != nil {
		e.Headroom = h.headroom()
	}
	if b := f.Buying; b != nil {
		e.Buying = b.buying()
	}
	further := f.allRegions()
	for i := range f.Parts {
		e.Parts = append(e.Parts, f.Parts[i].part(further))
	}
	for _, x := range f.Facts {
		e.Facts = append(e.Facts, remark.Labelled(x.Label, x.Text))
	}
	for _, x := range f.Excluded {
		e.Excluded = appendText(e.Excluded, "", x)
	}
	for i := range f.Lines {
		e.Lines = append(e.Lines, f.Lines[i].line())
	}
	for i := range f.Unpriced {
		e.Unpriced = append(e.Unpriced, f.unpriced(&f.Unpriced[i]))
	}
	return e
}

// line parts the item into the service and what of it.
func (l *lineV1) line() bill.Line {
	out := bill.Line{Region: l.Region, Component: l.Component, System: l.System, Kind: l.Kind, Role: l.Role,
		Category: l.Category, Item: l.Item, Unit: l.Unit, Min: l.Min, Quantity: l.Quantity, Max: l.Max,
		HourPrice: l.HourPrice, Price: l.Price, Cost: l.Cost, Term: l.Term, AsOf: l.AsOf, Source: l.Source,
		PriceNote: l.PriceNote, Notes: l.Notes}
	switch {
	case l.Term == bill.AdjustmentTerm:
	case out.IsNodes():
		out.Service = bill.ServiceNodes
	case out.IsFee():
		out.Service, out.Item = bill.ServiceNodes, strings.TrimSuffix(l.Item, " upfront")
	default:
		if service, item, ok := strings.Cut(l.Item, " "); ok && service != "" {
			out.Service, out.Item = service, item
		}
	}
	return out
}

// unpriced parts what has no price in the same way.
func (f *fileV1) unpriced(u *unpricedV1) bill.Unpriced {
	out := bill.Unpriced{Region: u.Region, Component: u.Component, Item: u.Item, Unit: u.Unit, Quantity: u.Quantity}
	isMachine := func(p partV1) bool { return p.Name == u.Component && p.Machine == u.Item }
	usage, top, tiered := strings.Cut(u.Item, " above ")
	switch service, item, slash := strings.Cut(u.Item, "/"); {
	case u.Unit == nodeUnit || slices.ContainsFunc(f.Parts, isMachine):
		out.Service = bill.ServiceNodes
	case tiered:
		var above money.Quantity
		service, item, ok := strings.Cut(usage, " ")
		if err := above.UnmarshalJSON([]byte(top)); err == nil && ok && service != "" && above.String() == top {
			out.Service, out.Item, out.AboveTier = service, item, &above
		}
	case slash && service != "":
		out.Service, out.Item = service, item
	}
	return out
}

// allRegions are the regions of the system, also those where nothing has a price.
func (f *fileV1) allRegions() []string {
	out := slices.Clone(f.Regions)
	for i := range f.Unpriced {
		out = append(out, f.Unpriced[i].Region)
	}
	return out
}

// appendText adds a text that is said as it is, apart from the region that it
// begins with. An empty one says nothing.
func appendText(list []remark.Remark, region, text string) []remark.Remark {
	switch {
	case text == "":
		return list
	case region == "":
		return append(list, remark.Verbatim(text))
	}
	return append(list, remark.Verbatim(strings.TrimPrefix(text, region+": ")).With("region", region))
}

// headroom parts the limit into its resource and its state.
func (h *headroomV1) headroom() *bill.Headroom {
	out := &bill.Headroom{Users: h.Users, Share: h.Share, Component: h.Component, Resource: h.Limit}
	for s := capacity.Own; s <= capacity.Always; s++ {
		if resource, ok := strings.CutSuffix(h.Limit, ", "+s.String()); ok {
			out.Resource, out.State = resource, s.String()
		}
	}
	return out
}

// part makes remarks of what the file says of a component.
func (p *partV1) part(regions []string) bill.Part {
	out := bill.Part{Name: p.Name, System: p.System, Kind: p.Kind, Machine: p.Machine, Storage: p.Storage,
		Pinned: p.Pinned, Pools: p.Pools, Binds: bindOf(p.Binds), Detail: []remark.Remark{}, Notes: p.Notes}
	if p.Brief != "" {
		out.Brief = remark.Verbatim(p.Brief)
	}
	for _, pool := range p.Pools {
		regions = append(regions, pool.Region)
	}
	for _, text := range p.Detail {
		out.Detail = appendText(out.Detail, regionOf(text, regions), text)
	}
	for _, text := range p.Warnings {
		out.Warnings = appendText(out.Warnings, "", text)
	}
	return out
}

// regionOf is the region that a text begins with, as in "us-east-1: 9 shards"; ""
// where it is about all of them.
func regionOf(text string, regions []string) string {
	region, what, ok := strings.Cut(text, ": ")
	if !ok || what == "" || !slices.Contains(regions, region) {
		return ""
	}
	return region
}

// bindOf reads "memory 81 %, region loss" and the like. What is not of this form
// is kept as the name of a resource.
func bindOf(text string) *bill.Bind {
	if text == "" {
		return nil
	}
	b := &bill.Bind{Resource: text, State: capacity.Own.String()}
	for s := capacity.Own; s <= capacity.Always; s++ {
		if resource, ok := strings.CutSuffix(b.Resource, ", "+s.String()); ok {
			b.Resource, b.State = resource, s.String()
			break
		}
	}
	if share, ok := strings.CutSuffix(b.Resource, " %"); ok {
		if at := strings.LastIndex(share, " "); at > 0 {
			if percent, err := strconv.ParseFloat(share[at+1:], 64); err == nil {
				used := percent / 100
				b.Resource, b.Utilisation = share[:at], &used
			}
		}
	}
	if bindText(b) != text {
		return &bill.Bind{Resource: text, State: capacity.Always.String()}
	}
	return b
}

func (b *buyingV1) buying() *bill.Buying {
	out := &bill.Buying{OnDemand: b.OnDemand, Effective: b.Effective, Upfront: b.Upfront, Uncovered: b.Uncovered,
		BreakEven: b.BreakEven, Horizon: b.Horizon, PV: b.PV, PVOnDemand: b.PVOnDemand, Residual: b.Residual,
		Coverage: b.Coverage, Utilisation: b.Utilisation, AtRisk: b.AtRisk, Months: b.Months, Optimum: b.Optimum,
		Pools: []bill.PoolBuying{}, Unpriced: []bill.UnpricedTerm{}, Risks: []remark.Remark{}}
	for i := range b.Pools {
		p := &b.Pools[i]
		out.Pools = append(out.Pools, bill.PoolBuying{Component: p.Component, Region: p.Region, Role: p.Role,
			Machine: p.Machine, Mix: mixOf(p.Mix), Later: p.Later, OnDemand: p.OnDemand, Effective: p.Effective,
			Upfront: p.Upfront, Horizon: p.Horizon})
	}
	for _, x := range b.Unpriced {
		out.Unpriced = append(out.Unpriced, termOf(x))
	}
	for _, x := range b.Risks {
		if x != "" {
			out.Risks = append(out.Risks, remark.Labelled("Risk", x))
		}
	}
	return out
}

// mixOf reads "2×reserved-3y-all,1×spot". What is no such mix is kept as the name
// of an option without nodes.
func mixOf(text string) bill.Purchases {
	out := bill.Purchases{}
	if text == "" {
		return out
	}
	for part := range strings.SplitSeq(text, ",") {
		count, option, ok := strings.Cut(part, "×")
		n, err := strconv.Atoi(count)
		if !ok || err != nil || strconv.Itoa(n) != count {
			return bill.Purchases{{Option: text}}
		}
		out = append(out, bill.Bought{Option: option, Nodes: n})
	}
	return out
}

// termOf reads "spot: no spot price in this vintage (2026-07-20, us-east-1,
// m7g.large)" and the like. Another reason is said as it is.
func termOf(text string) bill.UnpricedTerm {
	option, why, _ := strings.Cut(text, ": ")
	t := bill.UnpricedTerm{Option: option, Why: remark.Labelled("", why)}
	var gaps []remark.Remark
	if _, in, ok := strings.Cut(strings.TrimSuffix(why, ")"), "("); ok {
		if at := strings.Split(in, ", "); len(at) == 3 {
			for _, key := range []string{"unpriced.spot", "unpriced.term"} {
				gaps = append(gaps, remark.New(key, "vintage", at[0], "region", at[1], "machine", at[2]))
			}
		}
	}
	var types, priced int
	if n, _ := fmt.Sscanf(why, "spot has to be spread over %d types, and %d of", &types, &priced); n == 2 {
		gaps = append(gaps, remark.New("unpriced.spread", "types", types, "priced", priced))
	}
	for _, g := range gaps {
		if words.Say(g) == why {
			t.Why = g
		}
	}
	return t
}
