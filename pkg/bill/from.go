package bill

import (
	"maps"
	"slices"

	"headroom/pkg/plan"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// Model is the version of the model. It is raised whenever the same inputs and prices
// give another plan or another bill.
const Model = 1

// From is what an estimate was made from beside the price tables: with it another
// version of the program plans the same system again.
type From struct {
	Files       []File      `json:"files"`    // the profile, then what it reads
	Overlays    []File      `json:"overlays"` // in the order in which they were laid over the tables
	Environment string      `json:"environment"`
	Regions     []string    `json:"regions"` // instead of the profile's; none for its own
	Hours       float64     `json:"hours_per_month"`
	Scope       string      `json:"scope"`
	Purchase    string      `json:"purchase"`
	Commit      string      `json:"commit"`
	Adjustments *File       `json:"adjustments,omitempty"` // the file of layers after the profile's
	Unpriced    bool        `json:"show_unpriced"`
	Keep        []KeptNodes `json:"keep"`
}

// File is a text as it was read.
type File struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

// KeptNodes is the machine of a component that was to be held, and how its data was
// divided.
type KeptNodes struct {
	Component string     `json:"component"`
	Machine   string     `json:"machine"`
	Storage   string     `json:"storage"`
	Divided   []Division `json:"divided,omitempty"`
}

// from is what the request and the profile say; nil for a profile with values that no
// file has.
func (r *Request) from(p *workload.Profile) *From {
	if len(p.Sources) == 0 {
		return nil
	}
	f := &From{Environment: r.Environment, Regions: r.Regions, Hours: float64(r.Hours), Scope: r.Scope,
		Purchase: r.Purchase, Commit: r.CommitText, Adjustments: r.AdjustmentsFile, Unpriced: r.ShowUnpriced}
	for _, s := range p.Sources {
		f.Files = append(f.Files, File{s.Name, string(s.Text)})
	}
	for _, o := range r.Overlays {
		f.Overlays = append(f.Overlays, File{o.File, string(o.Data)})
	}
	for _, name := range slices.Sorted(maps.Keys(r.Keep)) {
		m := r.Keep[name]
		k := KeptNodes{Component: name, Machine: m.Type, Storage: m.Storage}
		for _, region := range slices.Sorted(maps.Keys(m.Divided)) {
			d := m.Divided[region]
			k.Divided = append(k.Divided, divisionOf(region, &d))
		}
		f.Keep = append(f.Keep, k)
	}
	return f
}

// Request is the request that the estimate was made by, at the tables of a vintage;
// commit and adjustments, which are texts, are for who can read them.
func (f *From) Request(vintage string) Request {
	r := Request{Settings: workload.Settings{Vintage: vintage, Regions: f.Regions, Hours: unit.Count(f.Hours),
		Scope: f.Scope}}
	r.Environment, r.Purchase = f.Environment, f.Purchase
	r.CommitText, r.AdjustmentsFile, r.ShowUnpriced = f.Commit, f.Adjustments, f.Unpriced
	for _, o := range f.Overlays {
		r.Overlays = append(r.Overlays, plan.Overlay{File: o.Name, Data: []byte(o.Text)})
	}
	for _, k := range f.Keep {
		if r.Keep == nil {
			r.Keep = map[string]plan.Runs{}
		}
		r.Keep[k.Component] = plan.Runs{Machine: plan.Machine{Type: k.Machine, Storage: k.Storage},
			Divided: divided(k.Divided)}
	}
	return r
}
