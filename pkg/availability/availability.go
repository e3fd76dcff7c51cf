package availability

import "fmt"

// KofN is how available a group is that is up while at least k of its n parts are, each of
// which has the availability a:
//
//	Σ C(n, i)·aⁱ·(1 − a)ⁿ⁻ⁱ  for i from k to n
//
// The smaller of the two tails is summed, so that a group with many nines keeps their
// digits. It is 1 for k up to 0, where nothing is needed, and 0 for k above n.
func KofN(k, n int, a float64) float64 {
	switch a = sound(a); {
	case k <= 0:
		return 1
	case k > n:
		return 0
	}
	// Of i failures to i + 1, the binomial term grows by (n − i)/(i + 1)·(1 − a)/a.
	return within(n, n-k, func(i int) float64 { return float64(n-i) * (1 - a) / (float64(i+1) * a) })
}

// Series is how available something is that is up while all of its parts are: the product
// of theirs. It is 1 for no parts.
func Series(a ...float64) float64 {
	up := 1.0
	for _, x := range a {
		up = float64(up * sound(x))
	}
	return up
}

// sound is an availability, 0 for what is none.
func sound(a float64) float64 {
	if a >= 0 && a <= 1 {
		return a
	}
	return 0
}

// OfRates is how available a part is that runs for the time every, on average, from the end
// of a repair to the next failure (often called the mean time to failure, MTTF), and is then
// down for the time repair, on average, from the failure to the end of the repair, which
// includes the time until it is noticed (MTTR): every/(every + repair). Where the mean time
// between failures is counted from one failure to the next, repair is part of it and has to
// be taken off first. It holds for times of any distribution.
func OfRates(every, repair float64) (float64, error) {
	if err := checkTimes(every, repair); err != nil {
		return 0, err
	}
	return every / (every + repair), nil
}

// DownPerYear is how many seconds of a year of 365 days something of the availability a is
// down: 99.99 % are 52.56 minutes.
func DownPerYear(a float64) float64 { return float64((1 - sound(a)) * 365 * 24 * 3600) }

// Times that are taken: what lies outside is a slip of units.
const (
	minTime = 1e-6 // seconds
	maxTime = 1e15 // 32 million years; a disk with one failure in 10⁹ hours has 3.6e12 s
)

func checkTimes(every, repair float64) error {
	for _, x := range [...]struct {
		what string
		time float64
	}{{"time to a failure", every}, {"time of a repair", repair}} {
		if !(x.time >= minTime && x.time <= maxTime) {
			return fmt.Errorf("%s is %g s; give a time from %g s to %g s", x.what, x.time, minTime, maxTime)
		}
	}
	return nil
}

// within is the probability of at most m of the states 0 to n, whose probabilities are as
// ratio says: from state i to i + 1 they grow by ratio(i), which must fall with i. They are
// computed from the most probable one on both sides, so that none overflows, and only those
// that are next to nothing become 0. All terms are above 0: the sum of the smaller side, and
// so its distance from 1, has the relative accuracy of the single terms.
func within(n, m int, ratio func(i int) float64) float64 {
	mode := 0
	for mode < n && ratio(mode) >= 1 {
		mode++
	}
	var low, high float64 // up to m, and above
	add := func(i int, weight float64) {
		if i <= m {
			low += weight
		} else {
			high += weight
		}
	}
	add(mode, 1)
	for i, w := mode, 1.0; i < n && w > 0; i++ {
		w = float64(w * ratio(i))
		add(i+1, w)
	}
	for i, w := mode, 1.0; i > 0 && w > 0; i-- {
		w /= ratio(i - 1)
		add(i-1, w)
	}
	if high < low {
		return 1 - high/(low+high)
	}
	return low / (low + high)
}
