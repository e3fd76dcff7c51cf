package availability_test

import (
	"math"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/availability"
	"headroom/pkg/drawn"
)

// loss and repairable are the functions of the package for a group that is none of the bad
// ones: of these they give a number that no test expects.
func loss(n, tolerated int, every, repair float64, repairs availability.Repair) float64 {
	got, err := availability.Loss(n, tolerated, every, repair, repairs)
	if err != nil {
		return math.NaN()
	}
	return got
}

func repairable(n, tolerated int, every, repair float64, repairs availability.Repair) float64 {
	got, err := availability.Repairable(n, tolerated, every, repair, repairs)
	if err != nil {
		return math.NaN()
	}
	return got
}

// Disks of which 1.57 % fail in a year (Backblaze, 2024) and that take a day to rebuild.
const (
	diskFails   = year / 0.0157
	diskRebuild = day
)

// Mean times to data loss of disk arrays, recomputed in two ways, and the approximations of
// Chen and others (repair in series) and of Angus (in parallel), which are 0.1 % lower here.
func TestDiskArrays(t *testing.T) {
	const serial, parallel = availability.SerialRepair, availability.ParallelRepair
	for _, x := range []struct {
		name         string
		n, tolerated int
		repairs      availability.Repair
		hours        float64
	}{
		{"RAID 1", 2, 1, serial, 6.48670e9},
		{"RAID 5", 8, 1, serial, 2.31787e8},
		{"RAID 5, parallel", 8, 1, parallel, 2.31787e8},
		{"RAID 6", 8, 2, serial, 8.98076e11},
		{"RAID 6, parallel", 8, 2, parallel, 1.79592e12},
	} {
		got := loss(x.n, x.tolerated, diskFails, diskRebuild, x.repairs) / hour
		require.InEpsilon(t, x.hours, got, 3e-6, x.name)
	}
	l, m := 1/diskFails, 1/diskRebuild
	require.InEpsilon(t, (3*l+m)/(2*l*l), loss(2, 1, diskFails, diskRebuild, serial), 1e-12)
	require.InEpsilon(t, (15*l+m)/(8*7*l*l), loss(8, 1, diskFails, diskRebuild, serial), 1e-12)
	chen := m * m / (8 * 7 * 6 * l * l * l)
	require.InEpsilon(t, 8.97535e11, chen/hour, 3e-6)
	require.InEpsilon(t, chen, loss(8, 2, diskFails, diskRebuild, serial), 1e-3)
	require.InEpsilon(t, 2*chen, loss(8, 2, diskFails, diskRebuild, parallel), 1e-3)
}

// Chen and others 1994: 100 disks in groups of 16, 200,000 h to a failure, 1 h to repair:
// 3,044 years by their formula, 3,044.6 by the chain.
func TestDiskArraysOfChen(t *testing.T) {
	const every = 200_000 * hour
	const groups = 100.0 / 16
	require.InDelta(t, 3044, every/hour*every/hour/(100*15*1)/8760, 1)
	got := loss(16, 1, every, hour, availability.SerialRepair) / groups / year
	require.InDelta(t, 3044.6, got, 0.05)
}

// A part alone is what its rates say, and a group without repairs in time lasts as long as
// the parts one after another.
func TestGroupsThatAreSimple(t *testing.T) {
	alone, err := availability.OfRates(30*day, 4*hour)
	require.NoError(t, err)
	require.InDelta(t, 180.0/181, alone, 1e-15)
	for _, repairs := range []availability.Repair{availability.SerialRepair, availability.ParallelRepair} {
		require.InDelta(t, alone, repairable(1, 0, 30*day, 4*hour, repairs), 1e-15)
		require.Equal(t, 30*day/5, loss(5, 0, 30*day, 4*hour, repairs))
		require.InEpsilon(t, 30*day*(1.0/3+1.0/2+1), loss(3, 2, 30*day, 1e14, repairs), 1e-6)
	}
	// Two parts and one repairer: π = 1, 2ρ, 2ρ² (Trivedi 2002, two-component systems).
	rho := 4.0 / 720
	require.InDelta(t, (1+2*rho)/(1+2*rho+2*rho*rho),
		repairable(2, 1, 30*day, 4*hour, availability.SerialRepair), 1e-15)
	require.True(t, math.IsInf(loss(60, 59, 1e15, 1e-6, availability.ParallelRepair), 1))
}

func TestBadGroupsAndTimes(t *testing.T) {
	for _, x := range []struct {
		n, tolerated  int
		every, repair float64
		repairs       availability.Repair
		want          string
	}{
		{0, 0, day, hour, 0, "0 of 0 parts may be lost"},
		{-3, -4, day, hour, 0, "-4 of -3 parts"},
		{3, -1, day, hour, 0, "-1 of 3 parts"},
		{3, 3, day, hour, 0, "3 of 3 parts"},
		{3, 1, day, hour, 2, "way of repair 2"},
		{3, 1, day, hour, -1, "way of repair -1"},
		{3, 1, 0, hour, 0, "time to a failure is 0 s"},
		{3, 1, -1, hour, 0, "time to a failure is -1 s"},
		{3, 1, math.NaN(), hour, 0, "time to a failure is NaN s"},
		{3, 1, math.Inf(1), hour, 0, "time to a failure is +Inf s"},
		{3, 1, 1e-9, hour, 0, "time to a failure is 1e-09 s; give a time from 1e-06 s to 1e+15 s"},
		{3, 1, day, 0, 0, "time of a repair is 0 s"},
		{3, 1, day, math.NaN(), 0, "time of a repair is NaN s"},
		{3, 1, day, 1e16, 0, "time of a repair is 1e+16 s"},
	} {
		_, err := availability.Repairable(x.n, x.tolerated, x.every, x.repair, x.repairs)
		require.ErrorContains(t, err, x.want)
		_, err = availability.Loss(x.n, x.tolerated, x.every, x.repair, x.repairs)
		require.ErrorContains(t, err, x.want)
	}
	_, err := availability.OfRates(0, hour)
	require.ErrorContains(t, err, "time to a failure is 0 s")
	_, err = availability.OfRates(day, math.NaN())
	require.ErrorContains(t, err, "time of a repair is NaN s")
}

// drawnGroup is a group of parts that fail and are repaired.
func drawnGroup(rt *rapid.T) (n, tolerated int, every, repair float64) {
	n = rapid.IntRange(1, 9).Draw(rt, "n")
	tolerated = rapid.IntRange(0, n-1).Draw(rt, "tolerated")
	every = float64(rapid.IntRange(1, 1_000_000).Draw(rt, "every"))
	repair = float64(rapid.IntRange(1, 100_000).Draw(rt, "repair"))
	return n, tolerated, every, repair
}

// Repairs in parallel are parts that are each by themselves, so the chain is the binomial.
// More that may be lost, rarer failures and quicker repairs are better, and a repairer for
// each part is better than one for all.
func TestGroupsAreMonotone(t *testing.T) {
	drawn.Check(t, func(rt *rapid.T) {
		n, tolerated, every, repair := drawnGroup(rt)
		const last = 1e-13
		a, err := availability.OfRates(every, repair)
		require.NoError(rt, err)
		parallel := repairable(n, tolerated, every, repair, availability.ParallelRepair)
		serial := repairable(n, tolerated, every, repair, availability.SerialRepair)
		require.InDelta(rt, availability.KofN(n-tolerated, n, a), parallel, last)
		require.LessOrEqual(rt, serial, parallel+last)
		for _, repairs := range []availability.Repair{availability.SerialRepair, availability.ParallelRepair} {
			up := repairable(n, tolerated, every, repair, repairs)
			lasts := loss(n, tolerated, every, repair, repairs)
			require.True(rt, up > 0 && up < 1+last && lasts > 0)
			require.GreaterOrEqual(rt, repairable(n, tolerated, 2*every, repair, repairs), up-last)
			require.LessOrEqual(rt, repairable(n, tolerated, every, 2*repair, repairs), up+last)
			require.Greater(rt, loss(n, tolerated, 2*every, repair, repairs), lasts)
			require.LessOrEqual(rt, loss(n, tolerated, every, 2*repair, repairs), lasts)
			if tolerated+1 < n {
				require.GreaterOrEqual(rt, repairable(n, tolerated+1, every, repair, repairs), up-last)
				require.Greater(rt, loss(n, tolerated+1, every, repair, repairs), lasts)
			}
		}
		require.LessOrEqual(rt, loss(n, tolerated, every, repair, availability.SerialRepair),
			loss(n, tolerated, every, repair, availability.ParallelRepair)*(1+last))
	})
}

// Both figures held against the balance of every state, in exact fractions: in the steady
// state as many groups enter a state as leave it, and the mean time h from a state to the
// loss is the time in it and that from where it leads.
func TestChainsSolveTheirBalance(t *testing.T) {
	drawn.Check(t, func(rt *rapid.T) {
		n, tolerated, every, repair := drawnGroup(rt)
		repairs := rapid.SampledFrom([]availability.Repair{availability.SerialRepair,
			availability.ParallelRepair}).Draw(rt, "repairs")
		fails := func(i int) *big.Rat { return big.NewRat(int64(n-i), int64(every)) }
		mends := func(i int) *big.Rat {
			if repairs == availability.SerialRepair {
				i = min(i, 1)
			}
			return big.NewRat(int64(i), int64(repair))
		}
		all := new(big.Rat)
		up := new(big.Rat)
		for i, p := 0, big.NewRat(1, 1); i <= n; i++ {
			if all.Add(all, p); i <= tolerated {
				up.Add(up, p)
			}
			if i < n {
				p = new(big.Rat).Quo(new(big.Rat).Mul(p, fails(i)), mends(i+1))
			}
		}
		want, _ := up.Quo(up, all).Float64()
		require.InDelta(rt, want, repairable(n, tolerated, every, repair, repairs), 1e-14)

		// h(i) = x(i) + h(i+1), from the equations (aᵢ + rᵢ)·h(i) = 1 + aᵢ·h(i+1) + rᵢ·h(i−1),
		// solved downwards by elimination: h(i) = slope·h(i+1) + rest.
		slope, rest := make([]*big.Rat, tolerated+1), make([]*big.Rat, tolerated+1)
		for i := range tolerated + 1 {
			own, one := new(big.Rat).Add(fails(i), mends(i)), big.NewRat(1, 1)
			if i > 0 {
				own.Sub(own, new(big.Rat).Mul(mends(i), slope[i-1]))
				one.Add(one, new(big.Rat).Mul(mends(i), rest[i-1]))
			}
			slope[i], rest[i] = new(big.Rat).Quo(fails(i), own), one.Quo(one, own)
		}
		h := new(big.Rat)
		for i := tolerated; i >= 0; i-- {
			h.Add(h.Mul(h, slope[i]), rest[i])
		}
		lasts, _ := h.Float64()
		require.InEpsilon(rt, lasts, loss(n, tolerated, every, repair, repairs), 1e-13)
	})
}
