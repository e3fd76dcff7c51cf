package availability

import "fmt"

// Repair is how the lost parts of a group are repaired.
type Repair int

// Ways of repair.
const (
	// SerialRepair is one part at a time while the others wait: one person, one spare.
	SerialRepair Repair = iota
	// ParallelRepair is of all lost parts at once, each as if it were alone.
	ParallelRepair
)

// Repairable is how available a group of n equal parts is that is up while no more than
// tolerated of them are lost. Every and repair are those of OfRates, here of exponential
// times. Parts go on failing while the group is down.
//
// The number of lost parts is a birth–death chain, whose steady state is exact:
//
//	πᵢ₊₁ = πᵢ·aᵢ/rᵢ₊₁  (Kleinrock 1975, ch. 3)
//
// With repairs in parallel that is KofN(n − tolerated, n, every/(every + repair)), for times
// of any distribution.
func Repairable(n, tolerated int, every, repair float64, repairs Repair) (float64, error) {
	g, err := grouped(n, tolerated, every, repair, repairs)
	if err != nil {
		return 0, err
	}
	return within(n, tolerated, func(i int) float64 { return g.losses(i) / g.mended(i+1) }), nil
}

// Loss is the mean time in seconds from when all n parts of a group are up until more than
// tolerated of them are lost at once: of copies of data, the mean time to data loss (MTTDL).
// Every, repair and repairs are those of Repairable. With Dᵢ the mean time from when i parts
// are lost until i + 1 are for the first time, which either comes next or after a repair and
// the way back,
//
//	D₀ = 1/a₀,  Dᵢ = (1 + rᵢ·Dᵢ₋₁)/aᵢ,  loss = D₀ + … + D_tolerated
//
// It is exact, and +Inf where it is longer than any number here. Of disks it is a bound that
// practice does not reach: see the package.
func Loss(n, tolerated int, every, repair float64, repairs Repair) (float64, error) {
	g, err := grouped(n, tolerated, every, repair, repairs)
	if err != nil {
		return 0, err
	}
	sum, d := 0.0, 0.0
	for i := range tolerated + 1 {
		d = (1 + float64(g.mended(i)*d)) / g.losses(i)
		sum += d
	}
	return sum, nil
}

// group is what the rates of a chain follow from.
type group struct {
	n           int
	every, mend float64 // seconds
	repairs     Repair
}

// grouped refuses what is no group.
func grouped(n, tolerated int, every, repair float64, repairs Repair) (group, error) {
	switch {
	case tolerated < 0 || tolerated >= n:
		return group{}, fmt.Errorf("%d of %d parts may be lost; give a number from 0, below that of the parts",
			tolerated, n)
	case repairs != SerialRepair && repairs != ParallelRepair:
		return group{}, fmt.Errorf("way of repair %d is neither serial nor parallel", repairs)
	}
	return group{n, every, repair, repairs}, checkTimes(every, repair)
}

// losses is the rate at which one more part is lost while i are: aᵢ.
func (g group) losses(i int) float64 { return float64(g.n-i) / g.every }

// mended is the rate at which one of i lost parts comes back: rᵢ.
func (g group) mended(i int) float64 {
	if g.repairs == SerialRepair {
		i = min(i, 1)
	}
	return float64(i) / g.mend
}
