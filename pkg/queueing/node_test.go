package queueing_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/integrate/quad"
	"gonum.org/v1/gonum/stat/distuv"
	"pgregory.net/rapid"

	"headroom/pkg/drawn"
	"headroom/pkg/queueing"
)

func solve(t require.TestingT, n queueing.Node) queueing.Steady {
	s, err := n.Solve()
	require.NoError(t, err, "%+v", n)
	return s
}

func percentile(t require.TestingT, s queueing.Steady, p float64) float64 {
	x, err := s.ResponsePercentile(p)
	require.NoError(t, err)
	return x
}

// M/M/1 (Kleinrock 1975, ch. 3 and 5): the response is exponential with rate μ−λ.
func TestMM1(t *testing.T) {
	for _, rho := range []float64{0.001, 0.1, 0.5, 0.9, 0.9999} {
		const service = 0.010
		s := solve(t, queueing.Markov(1, rho/service, service))
		rate := (1 - rho) / service
		require.InEpsilon(t, rho, s.Utilisation(), 1e-14)
		require.InEpsilon(t, rho, s.PWait(), 1e-11)
		require.InEpsilon(t, rho/rate, s.MeanWait(), 1e-11)
		require.InEpsilon(t, 1/rate, s.MeanResponse(), 1e-11)
		require.InEpsilon(t, rho/(1-rho), s.InSystem(), 1e-11)
		require.InEpsilon(t, 1/rate/rate, s.Residence().Variance, 1e-9)
		for _, p := range []float64{0.01, 0.5, 0.9, 0.99, 0.999, 0.999999} {
			require.InEpsilon(t, -math.Log1p(-p)/rate, percentile(t, s, p), 1e-8, "ρ=%g p=%g", rho, p)
		}
		for _, x := range []float64{0.1, 1, 10} {
			require.InEpsilon(t, math.Exp(-x), s.ResponseTail(x/rate), 1e-9)
			require.InEpsilon(t, rho*math.Exp(-x), s.WaitTail(x/rate), 1e-9)
		}
	}
}

// M/G/1: Pollaczek–Khinchine is what Allen–Cunneen becomes at c = 1.
func TestPollaczekKhinchine(t *testing.T) {
	for _, scv := range []float64{0, 0.25, 1, 4} {
		n := queueing.Node{Servers: 1, Rate: 70, Service: 0.01, ArrivalSCV: 1, ServiceSCV: scv}
		want := 0.7 * 0.01 / 0.3 * (1 + scv) / 2
		require.InEpsilon(t, want, solve(t, n).MeanWait(), 1e-12)
	}
}

func TestNothingVariesNobodyWaits(t *testing.T) {
	s := solve(t, queueing.Node{Servers: 3, Rate: 299, Service: 0.01})
	require.Zero(t, s.PWait())
	require.Zero(t, s.MeanWait())
	require.Zero(t, s.WaitTail(0))
	require.Zero(t, s.Residence().Variance)
	require.Equal(t, 0.01, percentile(t, s, 0.999))
	require.Equal(t, 1.0, s.ResponseTail(0.00999))
	require.Zero(t, s.ResponseTail(0.01))
}

// Hayward at z = 2: arrivals in pairs on 2k servers wait as single ones on k.
func TestHayward(t *testing.T) {
	peaky := solve(t, queueing.Node{Servers: 8, Rate: 600, Service: 0.01, ArrivalSCV: 3, ServiceSCV: 1})
	half, err := queueing.ErlangC(4, 3)
	require.NoError(t, err)
	require.InEpsilon(t, half, peaky.PWait(), 1e-12)
	require.InEpsilon(t, half*0.01/(8-6)*2, peaky.MeanWait(), 1e-12)
	// It joins the ordinary formula where ca² = 1.
	n := queueing.Node{Servers: 8, Rate: 600, Service: 0.01, ArrivalSCV: 1, ServiceSCV: 1}
	poisson := solve(t, n)
	n.ArrivalSCV = math.Nextafter(1, 2)
	require.InEpsilon(t, poisson.PWait(), solve(t, n).PWait(), 1e-12)
}

// The response tail in exponential service against the plain quotient where
// that is harmless, and against neighbours where θ and μ nearly meet.
func TestNearlyEqualRates(t *testing.T) {
	plain := func(t, c, theta, mu float64) float64 {
		return (1-c)*math.Exp(-mu*t) + c*(mu*math.Exp(-theta*t)-theta*math.Exp(-mu*t))/(mu-theta)
	}
	far := solve(t, queueing.Markov(12, 1000, 0.01))
	for _, x := range []float64{0.001, 0.01, 0.05, 0.2} {
		require.InEpsilon(t, plain(x, far.PWait(), (12-10)/0.01, 100), far.ResponseTail(x), 1e-10)
	}
	// c(1−ρ) = 1 makes them equal: P(R>t) = e^(−μt)(1 + C·μt).
	const servers, service = 4.0, 0.01
	equal := solve(t, queueing.Markov(servers, 300, service))
	for _, x := range []float64{0.001, 0.01, 0.1, 1} {
		want := math.Exp(-x/service) * (1 + equal.PWait()*x/service)
		require.InEpsilon(t, want, equal.ResponseTail(x), 1e-12)
		for e := 1e-15; e < 1e-3; e *= 3 {
			for _, sign := range []float64{-1, 1} {
				near := solve(t, queueing.Markov(servers, 300*(1+sign*e), service))
				require.InEpsilon(t, want, near.ResponseTail(x), 1e-12+40*(1+x/service)*e, "1%+g", sign*e)
			}
		}
	}
}

// Gamma service against numerical integration of the convolution,
// P(S>t) + C·∫ f(s)·e^(−θ(t−s)) ds over a quantile scale, in all branches.
func TestGammaServiceAgainstQuadrature(t *testing.T) {
	branches := map[string]int{}
	for _, scv := range []float64{0.01, 0.1, 0.3, 0.7, 0.999, 1.001, 2, 5} {
		for _, c := range []float64{1, 2, 4, 16, 64} {
			for _, rho := range []float64{0.3, 0.8, 0.97} {
				const mean = 0.02
				n := queueing.Node{Servers: c, Rate: rho * c / mean, Service: mean, ArrivalSCV: 1, ServiceSCV: scv}
				s := solve(t, n)
				theta := 2 * c * (1 - rho) / (mean * (1 + scv))
				k, rate := 1/scv, 1/(mean*scv)
				g := distuv.Gamma{Alpha: k, Beta: rate}
				for _, x := range []float64{0.2, 0.9, 1.5, 4, 12} {
					at := x * mean
					// For k < 1 the variable y = s^k removes the density's pole at 0.
					power := math.Min(1, k)
					lg, _ := math.Lgamma(k)
					inner := func(y float64) float64 {
						v := math.Pow(y, 1/power)
						return math.Exp(k*math.Log(rate)-lg+(k-power)*math.Log(v)-rate*v-theta*(at-v)) / power
					}
					const panels = 200
					top := math.Pow(at, power)
					var integral float64
					for i := 1; i < panels; i++ {
						integral += quad.Fixed(inner, top*float64(i)/panels, top*float64(i+1)/panels,
							20, quad.Legendre{}, 0)
					}
					for hi := top / panels; hi > top*1e-12; hi /= 2 { // what is left is rough at 0
						integral += quad.Fixed(inner, hi/2, hi, 20, quad.Legendre{}, 0)
					}
					want := g.Survival(at) + s.PWait()*integral
					require.InDelta(t, want, s.ResponseTail(at), 1e-10+1e-8*want, "cs²=%g c=%g ρ=%g t=%g",
						scv, c, rho, at)
					switch y := theta*at - at*rate; {
					case y >= 0:
						branches["wait decays faster"]++
					case -y <= k+1:
						branches["series"]++
					default:
						branches["closed form"]++
					}
				}
			}
		}
	}
	require.Len(t, branches, 3, "every branch is taken: %v", branches)
}

// Gamma service becomes exponential at cs² = 1 and constant at cs² = 0.
func TestGammaServiceLimits(t *testing.T) {
	for _, c := range []float64{1, 4, 12, 100} {
		n := queueing.Markov(c, 0.85*c/0.01, 0.01)
		exp := solve(t, n)
		n.ServiceSCV = 1 + 1e-9
		near := solve(t, n)
		for _, p := range []float64{0.5, 0.99, 0.9999} {
			require.InEpsilon(t, percentile(t, exp, p), percentile(t, near, p), 1e-7)
		}
		n.ServiceSCV = 0
		constant := solve(t, n)
		n.ServiceSCV = 2e-6
		near = solve(t, n)
		for _, p := range []float64{0.5, 0.99, 0.9999} {
			require.InEpsilon(t, percentile(t, constant, p), percentile(t, near, p), 1e-2)
		}
	}
}

// The moments are those of the tails: E[R] = ∫P(R>t)dt, E[R²] = 2∫tP(R>t)dt.
func TestResidenceMoments(t *testing.T) {
	for _, scv := range []float64{0, 0.3, 1, 3} {
		for _, c := range []float64{1, 3, 24} {
			s := solve(t, queueing.Node{Servers: c, Rate: 90 * c, Service: 0.01, ArrivalSCV: 1.5, ServiceSCV: scv})
			far := 60 * s.MeanResponse()
			var mean, second float64
			const panels = 4000
			for i := range panels {
				lo, hi := far*float64(i)/panels, far*float64(i+1)/panels
				mean += quad.Fixed(s.ResponseTail, lo, hi, 6, quad.Legendre{}, 0)
				second += quad.Fixed(func(t float64) float64 { return 2 * t * s.ResponseTail(t) }, lo, hi,
					6, quad.Legendre{}, 0)
			}
			require.InEpsilon(t, mean, s.Residence().Mean, 2e-4, "cs²=%g c=%g", scv, c)
			require.InEpsilon(t, second-mean*mean, s.Residence().Variance, 2e-3, "cs²=%g c=%g", scv, c)
		}
	}
}

func drawNode(t *rapid.T) queueing.Node {
	scv := rapid.OneOf(rapid.Just(1.0), rapid.Just(0.0), rapid.Float64Range(0.05, 6))
	c := rapid.OneOf(
		rapid.Map(rapid.IntRange(1, 128), func(c int) float64 { return float64(c) }),
		rapid.Float64Range(0.1, 16),
	).Draw(t, "c")
	service := math.Pow(10, rapid.Float64Range(-5, 1).Draw(t, "log D"))
	rho := rapid.Float64Range(0, 0.995).Draw(t, "rho")
	return queueing.Node{
		Servers: c, Service: service, Rate: rho * c / service,
		ArrivalSCV: scv.Draw(t, "ca2"), ServiceSCV: scv.Draw(t, "cs2"),
	}
}

func TestStateProperties(t *testing.T) {
	drawn.Check(t, func(t *rapid.T) {
		n := drawNode(t)
		s := solve(t, n)
		require.GreaterOrEqual(t, s.PWait(), 0.0)
		require.LessOrEqual(t, s.PWait(), 1.0)

		// A tail falls; a percentile is where it crosses, and rises with p.
		t1 := n.Service * rapid.Float64Range(0, 20).Draw(t, "t")
		t2 := t1 * rapid.Float64Range(1, 3).Draw(t, "later")
		require.GreaterOrEqual(t, s.ResponseTail(t1)*(1+1e-12), s.ResponseTail(t2))
		require.GreaterOrEqual(t, s.WaitTail(t1), s.WaitTail(t2))
		require.GreaterOrEqual(t, s.ResponseTail(t1)*(1+1e-12), s.WaitTail(t1), "response is longer than wait")
		p := rapid.Float64Range(0.01, 0.9999).Draw(t, "p")
		at := percentile(t, s, p)
		require.LessOrEqual(t, s.ResponseTail(at), (1-p)*(1+1e-9))
		require.GreaterOrEqual(t, s.ResponseTail(at*(1-1e-9)), (1-p)*(1-1e-6))
		require.LessOrEqual(t, percentile(t, s, p*0.99), at)

		// More load waits longer.
		busier := n
		busier.Rate += (n.Servers*0.999/n.Service - n.Rate) * rapid.Float64Range(0.01, 1).Draw(t, "busier")
		b := solve(t, busier)
		require.GreaterOrEqual(t, b.PWait(), s.PWait())
		require.GreaterOrEqual(t, percentile(t, b, p), at*(1-1e-9))

		// The unit of time does not matter.
		scaled := n
		scaled.Rate, scaled.Service = n.Rate/1000, n.Service*1000
		require.InEpsilon(t, at*1000, percentile(t, solve(t, scaled), p), 1e-6)
	})
}

func TestNodeRefuses(t *testing.T) {
	good := queueing.Markov(4, 100, 0.01)
	for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), -1} {
		for name, spoil := range map[string]func(*queueing.Node){
			"number of servers": func(n *queueing.Node) { n.Servers = bad },
			"arrival rate":      func(n *queueing.Node) { n.Rate = bad },
			"service time":      func(n *queueing.Node) { n.Service = bad },
			"squared coefficient of variation of arrivals": func(n *queueing.Node) { n.ArrivalSCV = bad },
			"squared coefficient of variation of service":  func(n *queueing.Node) { n.ServiceSCV = bad },
		} {
			n := good
			spoil(&n)
			_, err := n.Solve()
			require.ErrorContains(t, err, name, "%g", bad)
		}
		_, err := solve(t, good).ResponsePercentile(bad)
		require.ErrorContains(t, err, "percentile is")
	}
	n := good
	n.Rate = 400
	_, err := n.Solve()
	var unstable *queueing.UnstableError
	require.ErrorAs(t, err, &unstable)
	require.ErrorContains(t, err, "4 servers are offered 4 erlangs (utilisation 1)")
	require.Equal(t, 1.0, solve(t, good).ResponseTail(math.NaN()))
	require.Equal(t, 1.0, solve(t, good).WaitTail(-1))
}

// No input gives a NaN, an infinite number or a probability outside [0, 1].
func FuzzState(f *testing.F) {
	f.Add(12.0, 1000.0, 0.01, 1.0, 1.0, 0.05, 0.99)
	f.Add(0.4, 1.0, 0.3, 7.0, 0.2, 1e-9, 0.5)
	f.Add(10_000.0, 1e6-1, 0.01, 1e4, 1e4, 1e12, 1e-9)
	f.Add(1.0, 1e-300, 1e9, 0.0, 1e-12, 1e9, 0.999999999)
	f.Add(4.0, 399.0, 0.01, 1.0, 1e-12, 0.02, 0.99)
	f.Add(4.0, 399.0, 0.01, 1.0, 1.1e-6, 0.02, 0.99)
	f.Add(1.0, 5e-324, 1e-12, 1e4, 1e-300, 1e-300, 0.999999999)
	f.Fuzz(func(t *testing.T, c, rate, service, ca2, cs2, at, p float64) {
		s, err := queueing.Node{Servers: c, Rate: rate, Service: service, ArrivalSCV: ca2, ServiceSCV: cs2}.Solve()
		if err != nil {
			return
		}
		finite := func(name string, x float64) {
			require.False(t, math.IsNaN(x) || math.IsInf(x, 0) || x < 0, "%s = %g", name, x)
		}
		finite("utilisation", s.Utilisation())
		finite("mean wait", s.MeanWait())
		finite("variance", s.Residence().Variance)
		for name, x := range map[string]float64{"p wait": s.PWait(), "wait tail": s.WaitTail(at),
			"response tail": s.ResponseTail(at)} {
			finite(name, x)
			require.LessOrEqual(t, x, 1.0, name)
		}
		if x, err := s.ResponsePercentile(p); err == nil {
			finite("percentile", x)
		}
	})
}

func ExampleNode_Solve() {
	s, err := queueing.Markov(12, 1000, 0.010).Solve()
	if err != nil {
		fmt.Println(err)
		return
	}
	p99, _ := s.ResponsePercentile(0.99)
	fmt.Printf("busy %.1f %%, %.1f %% wait, p99 %.1f ms\n", 100*s.Utilisation(), 100*s.PWait(), 1000*p99)
	// Output: busy 83.3 %, 44.9 % wait, p99 49.7 ms
}
