package queueing

import (
	"fmt"
	"math"

	"headroom/pkg/portable"
)

// Moments are the mean (seconds) and variance (seconds²) of a time.
type Moments struct {
	Mean     float64
	Variance float64
}

// Plus is the sum of two independent times, one after the other.
func (m Moments) Plus(o Moments) Moments {
	return Moments{Mean: m.Mean + o.Mean, Variance: m.Variance + o.Variance}
}

// Times is n independent times of this kind, one after the other; n may be a
// mean number of calls. The variation of that number itself is not counted.
func (m Moments) Times(n float64) Moments {
	return Moments{Mean: float64(n * m.Mean), Variance: float64(n * m.Variance)}
}

// Percentile is the p-th percentile (0 < p < 1) in seconds of a gamma
// distributed time with these moments: the end-to-end time of a synchronous
// path whose residences are summed.
func (m Moments) Percentile(p float64) (float64, error) {
	if err := checkPercentile(p); err != nil {
		return 0, err
	}
	if !(m.Mean >= 0 && m.Mean <= math.MaxFloat64 && m.Variance >= 0 && m.Variance <= math.MaxFloat64) {
		return 0, fmt.Errorf("mean %g s and variance %g s² are not those of a time; give finite numbers, 0 or more",
			m.Mean, m.Variance)
	}
	if m.Mean == 0 || m.Variance == 0 {
		return m.Mean, nil
	}
	shape := m.Mean / m.Variance * m.Mean
	if !(shape >= 1/maxSCV) {
		return 0, fmt.Errorf("mean %g s and variance %g s² vary more than any path; the squared coefficient of "+
			"variation may be up to %g", m.Mean, m.Variance, maxSCV)
	}
	if shape > constantShape {
		return m.Mean, nil
	}
	return quantile(m.tail, m.Mean, 1-p), nil
}

// constantShape is the shape above which a gamma distribution is indistinguishable
// from a constant.
const constantShape = 1e12

// tail is the probability that a gamma distributed time with these moments is longer
// than t > 0.
func (m Moments) tail(t float64) float64 {
	shape := float64(m.Mean / m.Variance * m.Mean)
	switch {
	case m.Mean > 0 && shape <= constantShape:
		return portable.GammaQ(shape, float64(t/m.Mean*shape))
	case t < m.Mean:
		return 1
	}
	return 0
}
