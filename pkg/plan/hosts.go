package plan

import (
	"fmt"

	"headroom/pkg/catalog"
	"headroom/pkg/diag"
	"headroom/pkg/market"
	"headroom/pkg/money"
	"headroom/pkg/sizing"
	"headroom/pkg/unit"
)

// This file is what a machine of one's own is that stands in several sites: the least of
// it, as a component has machines of one type in all its regions.

// stated is a machine as the sites state it.
type stated struct {
	name string
	in   []statedIn
}

// statedIn is what one site says of it.
type statedIn struct {
	*sizing.ProvidedMachine
	region int
}

// host is the machine for the market; nil where the sites do not agree, which ps then has.
func (s *stated) host(ps *diag.Problems, cat *catalog.Catalog, regions int) *market.Host {
	h := &market.Host{Offers: make([]market.Offer, regions)}
	var bad diag.Problems
	if _, ok := cat.NodeType(s.name); ok {
		bad.Addf(s.in[0].Pos, "give it a name of its own", "machine %q has the name of an EC2 instance type", s.name)
	}
	for i := range s.in {
		m := &s.in[i]
		if m.As != "" {
			continue
		}
		if like := m.Type.SpeedOf; like != "" {
			bad = append(bad, knownType(cat, like, m.Pos)...)
		}
		if h.Name == "" {
			h.NodeType = m.Type
		} else if err := takeLeast(&h.NodeType, &m.Type); err != nil {
			bad.Addf(m.Pos, "give the two names of their own, or say the same of both", "machine %q: %v", s.name, err)
		}
		h.Offers[m.region] = market.Offer{Known: true, Price: market.Price{Monthly: m.Monthly,
			Price: catalog.Price{Rate: money.RateOf(m.Price), Source: m.Source}}}
	}
	if h.Name == "" {
		bad.Addf(s.in[0].Pos, "say what it is where it stands; as is for the regions in which another is rented",
			"no site says what machine %q is", s.name)
	}
	for i := range s.in {
		if m := &s.in[i]; m.As != "" && len(bad) == 0 {
			h.Offers[m.region] = market.Offer{As: m.As}
			bad = s.rented(cat, m, &h.NodeType)
		}
	}
	*ps = append(*ps, bad...)
	if len(bad) > 0 {
		return nil
	}
	return h
}

// knownType is the problem of a name that no type of the tables has.
func knownType(cat *catalog.Catalog, name string, at diag.Pos) (ps diag.Problems) {
	if _, ok := cat.NodeType(name); ok {
		return nil
	}
	hint := "headroom prices show TYPE tells what is known of a type"
	if near := cat.SuggestType(name); near != "" {
		hint = "did you mean " + near + "?"
	}
	ps.Addf(at, hint, "instance type %q is not known", name)
	return ps
}

// takeLeast makes of a machine what it and another of its name have both.
func takeLeast(t, o *catalog.NodeType) error {
	switch {
	case t.Arch != o.Arch:
		return fmt.Errorf("it is %s at one site and %s at another", t.Arch, o.Arch)
	case t.SpeedOf != o.SpeedOf:
		return fmt.Errorf("its speed is that of %q at one site and that of %q at another", t.SpeedOf, o.SpeedOf)
	}
	t.VCPU, t.Memory = min(t.VCPU, o.VCPU), min(t.Memory, o.Memory)
	t.PhysicalCores = lesser(t.PhysicalCores, o.PhysicalCores)
	if o.NetworkBaseline < t.NetworkBaseline {
		t.NetworkBaseline, t.NetworkAssumed = o.NetworkBaseline, o.NetworkAssumed
	}
	if factor(o) < factor(t) {
		t.SpeedFactor = o.SpeedFactor
	}
	t.Local = leastDisks(t.Local, o.Local)
	return nil
}

// factor is how many times as fast as SpeedOf a machine is.
func factor(t *catalog.NodeType) float64 {
	if t.SpeedFactor > 0 {
		return t.SpeedFactor
	}
	return 1
}

// lesser is the lesser of two figures; unknown where one of them is.
func lesser(a, b catalog.Known) catalog.Known {
	return catalog.Known{V: min(a.V, b.V), OK: a.OK && b.OK}
}

// leastDisks are so many disks, as large and as fast, as both have.
func leastDisks(a, b catalog.LocalStorage) catalog.LocalStorage {
	n := lesser(a.Disks, b.Disks)
	if !n.OK || n.V < 1 {
		return catalog.LocalStorage{Kind: "none"}
	}
	each := func(all catalog.Known, disks float64) catalog.Known {
		return catalog.Known{V: all.V / disks, OK: all.OK}
	}
	of := func(x, y catalog.Known) catalog.Known {
		one := lesser(each(x, a.Disks.V), each(y, b.Disks.V))
		return catalog.Known{V: float64(one.V * n.V), OK: one.OK}
	}
	out := catalog.LocalStorage{Kind: a.Kind, Disks: n, ReadIOPS: of(a.ReadIOPS, b.ReadIOPS),
		WriteIOPS: of(a.WriteIOPS, b.WriteIOPS),
		Bytes:     unit.Bytes(of(catalog.Is(float64(a.Bytes)), catalog.Is(float64(b.Bytes))).V)}
	if b.Kind == "hdd" || b.Kind == "ssd" && a.Kind == "nvme" {
		out.Kind = b.Kind
	}
	return out
}

// rented holds the type that is rented in a machine's place against it: what is planned on
// the machine has to fit there too.
func (s *stated) rented(cat *catalog.Catalog, m *statedIn, t *catalog.NodeType) (ps diag.Problems) {
	as, ok := cat.NodeType(m.As)
	if !ok {
		return knownType(cat, m.As, m.Pos)
	}
	short := func(what, need, have string) {
		ps.Addf(m.Pos, "name a larger type", "machine %q has %s %s, and %s in its place %s", s.name, need, what, m.As, have)
	}
	if as.VCPU < t.VCPU {
		short("vCPU", fmt.Sprint(t.VCPU), fmt.Sprint(as.VCPU))
	}
	if as.Memory < t.Memory {
		short("of memory", t.Memory.String(), as.Memory.String())
	}
	if as.NetworkBaseline < t.NetworkBaseline {
		short("of network", t.NetworkBaseline.String(), as.NetworkBaseline.String())
	}
	if as.Local.Bytes < t.Local.Bytes {
		short("on local disks", t.Local.Bytes.String(), as.Local.Bytes.String())
	}
	if like, ok := cat.NodeType(t.SpeedOf); ok {
		v, err := cat.Speed(as, catalog.ClassGeneric, like)
		if err != nil || v.PerVCPU < factor(t) {
			ps.Addf(m.Pos, "name a faster type, or state a lower speed where the machine stands",
				"machine %q is %v times as fast as %s, and a thread of %s in its place %.3f times", s.name, factor(t),
				like.Name, m.As, v.PerVCPU)
		}
	}
	return ps
}
