package serve

import (
	"math"
	"slices"
	"strings"

	"headroom/pkg/strict"
	"headroom/pkg/whatif"
)

// Inputs are what a page may set.
type Inputs struct {
	Groups   []Group  `json:"groups"` // the main ones, for sliders and fields that are always there
	All      []Input  `json:"all"`    // in the order of the profile
	Regions  []Place  `json:"regions"`
	Offered  []string `json:"offered"`  // regions that there are prices of
	Vintages []string `json:"vintages"` // of prices
	Types    []string `json:"types"`    // of nodes
	// FixedRegions is the flag that gives the regions; "" for none.
	FixedRegions string `json:"fixed_regions,omitempty"`
}

// Group is a heading with the paths below it.
type Group struct {
	Title string   `json:"title"`
	Paths []string `json:"paths"`
}

// Input is a value of the profile.
type Input struct {
	Path  string   `json:"path"`
	About string   `json:"about"`
	Value string   `json:"value"` // given or by default; "" for none
	Sort  string   `json:"sort"`  // number, bool, list, text
	Enum  []string `json:"enum,omitempty"`
	// From and To are the factors on the value between which a slider moves it; 0 and 0
	// where there is nothing to be multiplied.
	From  float64 `json:"from,omitempty"`
	To    float64 `json:"to,omitempty"`
	Fixed string  `json:"fixed,omitempty"` // the flag that gives it
}

// Place is a region of the profile, with the keys that its file gives it.
type Place struct {
	Name string            `json:"name"`
	Keys map[string]string `json:"keys"`
}

// RegionsPath is the input that all regions together are.
const RegionsPath = "regions"

// span is how far a slider goes: to a quarter and to four times of the value.
const span = 4

// list makes the inputs of the profile.
func (o *Options) list() *Inputs {
	in := &Inputs{Offered: o.Regions, Vintages: o.Vintages, Types: o.Types, Regions: []Place{},
		FixedRegions: o.Fixed[RegionsPath]}
	for _, l := range o.Model.Inputs() {
		x := Input{Path: l.Path, About: l.Doc, Value: l.Now, Sort: string(l.Sort()), Enum: l.Enum,
			Fixed: o.Fixed[l.Path]}
		x.From, x.To = factors(&l)
		if l.Path == "prices.vintage" {
			x.Enum = o.Vintages
		}
		in.All = append(in.All, x)
		o.place(in, &l)
	}
	in.Groups = groups(in.All, o.Model)
	return in
}

// place notes what the file says of a region.
func (o *Options) place(in *Inputs, l *strict.Leaf) {
	rest, ok := strings.CutPrefix(l.Path, RegionsPath+".")
	if !ok {
		return
	}
	i := strings.LastIndexByte(rest, '.')
	if i < 0 {
		return
	}
	name, key := rest[:i], rest[i+1:]
	if len(in.Regions) == 0 || in.Regions[len(in.Regions)-1].Name != name {
		in.Regions = append(in.Regions, Place{Name: name, Keys: map[string]string{}})
	}
	if key != "name" && o.Model.Given(l.Path) {
		in.Regions[len(in.Regions)-1].Keys[key] = l.Now
	}
}

// factors are the ends of a slider, within the bounds of the value.
func factors(l *strict.Leaf) (from, to float64) {
	if !l.Number() || l.Now == "" {
		return 0, 0
	}
	x, err := l.Parse(l.Now)
	if err != nil || !(x > 0) || math.IsInf(x, 0) {
		return 0, 0
	}
	from, to = 1.0/span, span
	if l.Least != nil {
		from = max(from, *l.Least/x)
	}
	if l.Most != nil {
		to = min(to, *l.Most/x)
	}
	if !(from < to) {
		return 0, 0
	}
	return from, to
}

// groups picks the main inputs: those that decide a bill first, where the profile has them.
func groups(all []Input, m *whatif.Model) []Group {
	var out []Group
	add := func(title string, paths ...string) {
		g := Group{Title: title}
		for _, path := range paths {
			i := slices.IndexFunc(all, func(x Input) bool { return x.Path == path })
			if i >= 0 && (all[i].Value != "" || len(all[i].Enum) > 0) {
				g.Paths = append(g.Paths, path)
			}
		}
		if len(g.Paths) > 0 {
			out = append(out, g)
		}
	}
	writes := "peak.write_ratio"
	if m.Given("peak.writes_per_user") {
		writes = "peak.writes_per_user"
	}
	add("Load", "peak.users", "peak.requests_per_user", writes, "peak.response", "peak.request", "peak.first_page",
		"peak.session", "peak.stored_per_write")
	add("Data and growth", "data.dataset", "data.retention", "growth.monthly", "horizon", "lead")
	add("Losses and limits", "policy.survive", "failover", "policy.own_load", "policy.degraded")
	add("Buying", "purchase.option", "prices.vintage")
	var cpu []string
	for _, x := range all {
		if key := x.Path[strings.LastIndexByte(x.Path, '.')+1:]; strings.HasPrefix(x.Path, "components.") &&
			strings.HasPrefix(key, "cpu") && x.To > 0 {
			cpu = append(cpu, x.Path)
		}
	}
	add("CPU of calls", cpu...)
	return out
}
