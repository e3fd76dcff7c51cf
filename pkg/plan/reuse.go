package plan

import (
	"fmt"
	"strings"

	"headroom/pkg/catalog"
	"headroom/pkg/sizing"
	"headroom/pkg/workload"
)

// Reuse keeps what builds on the same catalog find out anew otherwise: lists of
// priced types, prices of usage, tables with overlays (files of the same name
// hold the same), and who won. It changes no result. The zero value is ready;
// one goroutine at a time may use it.
type Reuse struct {
	vintages map[string]*catalog.Vintage
	prices   map[string]*priceCache
	system   *sizing.System // of the last build
}

// priceCache holds the prices of one vintage in a list of regions at some hours
// a month, in the form in which the search reads them.
type priceCache struct {
	tables    *Tables                   // nil until somebody opened them
	lists     map[string][]candidate    // by the regions of a component
	allowedIn map[choiceKey][]candidate // those of lists that a component may use
	tiers     map[usageKey][]tier
	won       map[string]Machine // by component: what was chosen last
	// rates are prices at the wanted purchase, by how it is wanted.
	rates map[string]map[rateKey]wantedRate
}

func newPriceCache() *priceCache {
	return &priceCache{lists: map[string][]candidate{}, allowedIn: map[choiceKey][]candidate{},
		tiers: map[usageKey][]tier{}, won: map[string]Machine{}, rates: map[string]map[rateKey]wantedRate{}}
}

// share lets a system share what the last one found out about the hours of the
// week, and its lists.
func (u *Reuse) share(s *sizing.System) {
	if u != nil {
		s.Share(u.system)
		u.system = s
	}
}

// vintage is a vintage that was opened before, or nil.
func (u *Reuse) vintage(name string) *catalog.Vintage {
	if u == nil {
		return nil
	}
	return u.vintages[name]
}

func (u *Reuse) keep(name string, v *catalog.Vintage) {
	if u == nil {
		return
	}
	if u.vintages == nil {
		u.vintages = map[string]*catalog.Vintage{}
	}
	u.vintages[name] = v
}

// cache is the prices for a profile, a new one where nothing is reused: what other
// sellers ask may change from one search to the next.
func (o *Options) cache(v *catalog.Vintage, p *workload.Profile, own *sites) *priceCache {
	u := o.Reuse
	if u == nil || len(o.Sellers) > 0 {
		return newPriceCache()
	}
	key := fmt.Sprintf("%s %v %v %s %s", v.Name(), v.Overlays(), float64(p.HoursPerMonth.V),
		strings.Join(p.RegionNames(), " "), own.key)
	c := u.prices[key]
	if c == nil {
		c = newPriceCache()
		if u.prices == nil {
			u.prices = map[string]*priceCache{}
		}
		u.prices[key] = c
	}
	return c
}
