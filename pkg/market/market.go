// Package market is what can be rented or is owned: machines with their hardware, and
// what they cost. Who has machines is a Seller, a file each: EC2 here, and whoever else
// comes. Search, purchase and bill ask a Machine for its price and never a table, so
// that none of them knows whose machine it is. What is billed beside machines is a
// catalog.Meter.
package market

import (
	"fmt"
	"iter"

	"headroom/pkg/catalog"
	"headroom/pkg/diag"
	"headroom/pkg/money"
)

// Price is what one machine costs without any commitment.
type Price struct {
	catalog.Price // Rate is USD per hour, or per month
	// Monthly says that the rate is of a month, whatever hours the machine runs: that
	// of a machine that is owned, or rented by the month. There is no other way to
	// pay for it.
	Monthly bool
}

// Month is what a month of one machine costs that is billed for so many hours.
func (p *Price) Month(hours money.Quantity) money.Rate {
	if p.Monthly {
		return p.Rate
	}
	return p.Rate.PerMonth(hours)
}

// Spot is what is known of machines that may be taken away at any time.
type Spot struct {
	catalog.SpotPrice
	List catalog.Price // the price that its saving is off, whatever a customer pays
}

// Seller has machines: it rents them out, or owns them. Machines are asked for by name,
// and regions by their place in the profile. What has no price is false, never zero;
// only what is said to cost nothing does.
type Seller interface {
	// Service is what bills and adjustments call it, such as ec2.
	Service() string
	// Types is the hardware of all its machines, sorted by name. It must not be changed.
	Types() ([]catalog.NodeType, error)
	Type(name string) (*catalog.NodeType, bool)
	Price(name string, region int) (Price, bool)
	// Terms are the prices under commitments; none where there are none.
	Terms(name string, region int) []catalog.TermPrice
	Spot(name string, region int) (Spot, bool)
	// Missing describes a price that there is not; who needs it is for the reader.
	Missing(name string, region int, who string) catalog.Missing
	// Err is the first error met in what a region's prices were read from: to be asked
	// before a price is said to be missing.
	Err(region int) error
}

// Machine is one kind of machine: its hardware, and whoever has it.
type Machine struct {
	*catalog.NodeType
	seller Seller
}

// Service is what bills call whoever has the machine.
func (m Machine) Service() string { return m.seller.Service() }

// Price is what the machine costs in a region without any commitment; false where that
// is not known.
func (m Machine) Price(region int) (Price, bool) { return m.seller.Price(m.Name, region) }

// Terms are its prices under commitments.
func (m Machine) Terms(region int) []catalog.TermPrice { return m.seller.Terms(m.Name, region) }

// Spot is what is known of its spot price; false where nothing is.
func (m Machine) Spot(region int) (Spot, bool) { return m.seller.Spot(m.Name, region) }

// Missing describes its price where there is none.
func (m Machine) Missing(region int, who string) catalog.Missing {
	return m.seller.Missing(m.Name, region, who)
}

// Err is what is wrong with the prices of a region.
func (m Machine) Err(region int) error { return m.seller.Err(region) }

// Market is the machines of some sellers.
type Market struct{ stalls []stall }

// stall is a seller with what it has.
type stall struct {
	Seller
	types []catalog.NodeType
}

// New is the market of one or more sellers. No two may have machines of one name.
func New(first Seller, others ...Seller) (*Market, error) {
	k := &Market{}
	for _, s := range append([]Seller{first}, others...) {
		types, err := s.Types()
		if err != nil {
			return nil, err
		}
		for i := 0; len(k.stalls) > 0 && i < len(types); i++ {
			if m, ok := k.Find(types[i].Name); ok {
				return nil, fmt.Errorf("%s and %s both have machines called %q", m.Service(), s.Service(), m.Name)
			}
		}
		k.stalls = append(k.stalls, stall{s, types})
	}
	return k, nil
}

// Len is how many machines there are.
func (k *Market) Len() int {
	n := 0
	for _, s := range k.stalls {
		n += len(s.types)
	}
	return n
}

// All are the machines, those of a seller sorted by name.
func (k *Market) All() iter.Seq[Machine] {
	return func(yield func(Machine) bool) {
		for _, s := range k.stalls {
			for i := range s.types {
				if !yield(Machine{&s.types[i], s.Seller}) {
					return
				}
			}
		}
	}
}

// Suggest is the name that a misspelt one most likely means, or "".
func (k *Market) Suggest(name string) string {
	names := make([]string, 0, k.Len())
	for m := range k.All() {
		names = append(names, m.Name)
	}
	return diag.Suggest(name, names)
}

// Find is the machine of a name.
func (k *Market) Find(name string) (Machine, bool) {
	s := k.seller(name)
	t, ok := s.Type(name)
	return Machine{t, s}, ok
}

// Of is the machine with some hardware, which is that of a machine of the market.
func (k *Market) Of(t *catalog.NodeType) Machine { return Machine{t, k.seller(t.Name)} }

// Named is the machine of a name for who asks for its price alone: its hardware, which
// a bill of another day need not have, may have no more than the name.
func (k *Market) Named(name string) Machine {
	if m, ok := k.Find(name); ok {
		return m
	}
	return Machine{&catalog.NodeType{Name: name}, k.seller(name)}
}

// seller is who has the machine of a name: the first seller where nobody else does.
func (k *Market) seller(name string) Seller {
	for _, s := range k.stalls[1:] {
		if _, ok := s.Type(name); ok {
			return s.Seller
		}
	}
	return k.stalls[0].Seller
}
