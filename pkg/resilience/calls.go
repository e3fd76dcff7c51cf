package resilience

import (
	"headroom/pkg/outage"
	"headroom/pkg/sizing"
	"headroom/pkg/workload"
)

// This file is who asks whom.

// calls are what a component asks of others, as it is sent: what caches answer is left out,
// and each subscriber is asked.
func (b *builder) calls(x *standing) (out []outage.Call) {
	c := x.choice.Component
	for i := range c.Calls {
		call := &c.Calls[i].V
		sent, times := 1.0, b.subscribers(call)
		var edge *workload.EdgeLoad
		if x.load != nil && i < len(x.load.Edges) {
			edge = &x.load.Edges[i]
			sent = 1 - edge.Hits
		}
		to := outage.Call{To: c.Calls[i].Key, PerRead: float64(float64(call.PerRead.V) * sent * times),
			PerWrite:      float64(float64(call.PerWrite.V) * times),
			ReadsPerWrite: float64(float64(call.ReadsPerWrite.V) * sent * times), Async: call.Async(),
			Classes: call.Classes, Retries: int(call.Retries.V), Breaker: call.Breaker.V}
		if edge != nil {
			to.Weight, to.Written = b.weight(x.load, edge)
		}
		out = append(out, to)
	}
	return out
}

// subscribers are to how many each call goes.
func (b *builder) subscribers(c *workload.Call) float64 {
	if !c.FanOut.Set {
		return 1
	}
	return c.FanOut.V.Times + float64(float64(b.demand.Users)*c.FanOut.V.Part)
}

// weight is the part of the load of what is called that the calls of an edge are, and the part of
// these that are writes.
func (b *builder) weight(from *workload.Load, e *workload.EdgeLoad) (part, written float64) {
	to := b.sizes.Flow.Of(e.To)
	all := to.Local.Read() + to.Local.Write() + to.Global.Read() + to.Global.Write()
	copies := 1.0
	if to.Scope == workload.ScopePrimary && from.Scope == workload.ScopeAll {
		copies = float64(len(from.Regions)) // each region's copy calls the one primary
	}
	writes := e.Local.Writes + float64(e.Global.Writes*copies)
	calls := e.Local.Reads + float64(e.Global.Reads*copies) + writes
	if all <= 0 || calls <= 0 {
		return 0, 0
	}
	return min(1, calls/all), writes / calls
}

// journeys are the requests of users that read, and those that write, by class.
func (b *builder) journeys() {
	all := float64(b.demand.Reads) + float64(b.demand.Writes)
	for i := range b.demand.Classes {
		c := &b.demand.Classes[i]
		for _, x := range [...]struct {
			writes bool
			rate   float64
		}{{false, float64(c.Reads)}, {true, float64(c.Writes)}} {
			if x.rate > 0 {
				b.out.Journeys = append(b.out.Journeys, outage.Journey{Class: c.Name, Writes: x.writes, Entry: c.Entry,
					Share: x.rate / all})
			}
		}
	}
}

// copies are the copies that the profile names, and those that components keep.
func (b *builder) copies() {
	rate := 0.0
	if r := b.profile.Recovery.RestoreRate; r != nil {
		rate = float64(r.V)
	}
	for i := range b.profile.Copies {
		c := b.named(b.profile.Copies[i].Key, &b.profile.Copies[i].V)
		c.Rate = rate
		b.out.Copies = append(b.out.Copies, c)
	}
	for i := range b.stands {
		x := &b.stands[i]
		for k := range x.fails.Copied {
			for _, c := range b.kept(x, &x.fails.Copied[k]) {
				c.Rate = rate
				b.out.Copies = append(b.out.Copies, c)
			}
		}
	}
}

// every says what the time between two copies is.
const every = "age of the copy "

// named is a copy that the profile names.
func (b *builder) named(name string, x *workload.Copy) outage.Copy {
	key := "copies." + name
	c := outage.Copy{Name: name, Of: x.Of, Region: -1, Log: x.Log.V, Every: outage.Unknown(key + ".every"),
		Keep: outage.Unknown(key + ".keep"), Bytes: float64(b.profile.Data.Dataset.V)}
	if x.On.V != workload.OnObjects {
		c.Zonal, c.Disks = true, outage.Disks{Local: true, Ephemeral: x.On.V == workload.OnEphemeral}
	}
	if x.Place != nil {
		for i, r := range b.profile.RegionNames() {
			if r == x.Place.V {
				c.Region = i
			}
		}
	}
	if x.Every != nil {
		c.Every = outage.Named(float64(x.Every.V), every+name, key+".every")
	}
	if x.Keep != nil {
		c.Keep = outage.Seconds(float64(x.Keep.V))
	}
	if x.Size != nil {
		c.Bytes = float64(x.Size.V)
	}
	return c
}

// kept are the copies that a component keeps, one in each of its regions.
func (b *builder) kept(x *standing, k *sizing.KeptCopy) (out []outage.Copy) {
	c := outage.Copy{Name: x.choice.Component.Name, Of: k.Of, Zonal: k.Zonal,
		Every: outage.Named(float64(k.Every), every+x.choice.Component.Name, x.ofKey("backup.every")),
		Keep:  outage.Seconds(float64(k.Keep)), Bytes: k.Bytes}
	if k.Every == 0 {
		c.Every, c.Keep = outage.Unknown(k.EveryKey), outage.Unknown(k.EveryKey)
	}
	if c.Bytes == 0 {
		c.Bytes = float64(b.profile.Data.Dataset.V)
	}
	for _, r := range k.Regions {
		c.Region = r
		out = append(out, c)
	}
	return out
}
