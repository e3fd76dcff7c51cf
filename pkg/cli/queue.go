package cli

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/spf13/cobra"

	"headroom/pkg/queueing"
	"headroom/pkg/report"
	"headroom/pkg/unit"
)

// queueOptions are the flags of `headroom queue` as they were written.
type queueOptions struct {
	servers    string
	rate       string
	service    string
	slo        string
	arrivalSCV string
	serviceSCV string
	format     string
	out        string
}

const queueLong = `A queueing calculator for one node: several servers (vCPUs, worker processes)
with one queue in front of them.

Give servers, rate and service time, and it tells how busy they are, how many
requests wait and how long responses take. Give an SLO and leave out servers
or rate, and it finds the least servers or the most rate that keep it.

Arrivals are Poisson and service times exponential (M/M/c, exact) unless
--arrival-scv or --service-scv say otherwise: squared coefficients of
variation, 0 for perfectly regular, 1 for random, more for bursty. Then waits
are the approximations of Allen–Cunneen and, for bursty arrivals, Hayward.`

const queueExample = `  headroom queue --servers 12 --rate 1000/s --service 10ms
  headroom queue --slo p99=50ms --rate 1000/s --service 10ms
  headroom queue --slo p99=50ms --servers 12 --service 10ms
  headroom queue --servers 4 --rate 300/s --service 10ms --service-scv 0.2 --format json`

func newQueueCmd(app *app) *cobra.Command {
	opts := queueOptions{}
	cmd := &cobra.Command{
		Use:     "queue",
		Short:   "Queueing calculator: waits and percentiles, or servers for an SLO",
		Long:    queueLong,
		Example: queueExample,
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			return runQueue(app, opts)
		},
	}
	f := cmd.Flags()
	f.StringVar(&opts.servers, "servers", "", "number of servers, 1 to 10000")
	f.StringVar(&opts.rate, "rate", "", "arrivals, for example 1000/s or 60000/min")
	f.StringVar(&opts.service, "service", "", "mean service time of one request, for example 10ms")
	f.StringVar(&opts.slo, "slo", "", "aim for the response time, for example p99=50ms")
	f.StringVar(&opts.arrivalSCV, "arrival-scv", "1", "squared coefficient of variation of the times between arrivals")
	f.StringVar(&opts.serviceSCV, "service-scv", "1", "squared coefficient of variation of the service times")
	app.addFormat(cmd, &opts.format, report.DocumentFormats())
	app.addOut(cmd, &opts.out)
	return cmd
}

func runQueue(app *app, opts queueOptions) error {
	if err := knownFormat(opts.format, report.DocumentFormats()); err != nil {
		return err
	}
	q, err := opts.question()
	if err != nil {
		return err
	}
	answer, err := q.answer()
	if err != nil {
		return queueError(err)
	}
	return app.write(opts.out, opts.format, answer.document(q))
}

// unknown is what an SLO is to find.
type unknown int

const (
	findNothing unknown = iota
	findServers
	findRate
)

// queueQuestion is what the flags ask: node holds what is given, find what is
// to be found.
type queueQuestion struct {
	node queueing.Node
	slo  queueing.Aim
	find unknown
	text string // the SLO as people read it
}

// read takes over the values of the flags, and gives what is wrong with each.
func (o queueOptions) read(q *queueQuestion) (wrong []string) {
	flag := func(name, text string, parse func(string) error) {
		if text == "" {
			return
		}
		if err := parse(text); err != nil {
			wrong = append(wrong, fmt.Sprintf("--%s: %v", name, err))
		}
	}
	flag("servers", o.servers, func(text string) error {
		c, err := unit.ParseCount(text)
		if err == nil && (float64(c) != math.Trunc(float64(c)) || c < 1 || c > queueing.MaxServers) {
			err = fmt.Errorf("%q is not a number of servers; give a whole number from 1 to %d",
				text, queueing.MaxServers)
		}
		q.node.Servers = float64(c)
		return err
	})
	flag("rate", o.rate, func(text string) error {
		r, err := unit.ParseRate(text)
		q.node.Rate = float64(r)
		return err
	})
	flag("service", o.service, func(text string) error {
		d, err := unit.ParseDuration(text)
		q.node.Service = float64(d)
		return err
	})
	scv := func(name, text string, to *float64) {
		c, err := unit.ParseCount(text)
		if *to = float64(c); err != nil {
			wrong = append(wrong, fmt.Sprintf("--%s: %v", name, err))
		}
	}
	scv("arrival-scv", o.arrivalSCV, &q.node.ArrivalSCV)
	scv("service-scv", o.serviceSCV, &q.node.ServiceSCV)
	flag("slo", o.slo, func(text string) (err error) {
		q.slo, q.text, err = parseSLO(text)
		return err
	})
	return wrong
}

// question reads the flags. Everything wrong with them is reported at once.
func (o queueOptions) question() (queueQuestion, error) {
	var q queueQuestion
	wrong := o.read(&q)
	if o.service == "" {
		wrong = append(wrong, "--service is missing; give the mean service time, for example --service 10ms")
	}
	switch noServers, noRate := o.servers == "", o.rate == ""; {
	case o.slo == "" && noServers:
		wrong = append(wrong, "--servers is missing; give it, or an aim such as --slo p99=50ms to find it")
	case o.slo == "" && noRate:
		wrong = append(wrong, "--rate is missing; give it, or an aim such as --slo p99=50ms to find it")
	case o.slo == "":
	case noServers && noRate:
		wrong = append(wrong, "--slo needs --rate (to find the least servers) or --servers (to find the most rate)")
	case noServers:
		q.find = findServers
	case noRate:
		q.find = findRate
	default:
		wrong = append(wrong, "--slo with both --servers and --rate leaves nothing to find; leave one of the three out")
	}
	if len(wrong) > 0 {
		return q, usageError{errors.New(strings.Join(wrong, "\n"))}
	}
	return q, nil
}

// parseSLO reads p99=50ms. p99.9 and p999 are the same, as in common use.
func parseSLO(text string) (queueing.Aim, string, error) {
	bad := fmt.Errorf("%q is not an aim; write a percentile and a time, for example p99=50ms or p99.9=1s", text)
	name, value, ok := strings.Cut(text, "=")
	digits, isP := strings.CutPrefix(strings.ToLower(name), "p")
	if !ok || !isP {
		return queueing.Aim{}, "", bad
	}
	if len(digits) > 2 && strings.HasPrefix(digits, "99") && !strings.Contains(digits, ".") {
		digits = digits[:2] + "." + digits[2:]
	}
	p, err := unit.ParseFraction(digits + "%")
	if err != nil || !(p > 0 && p < 1) {
		return queueing.Aim{}, "", bad
	}
	within, err := unit.ParseDuration(value)
	if err != nil {
		return queueing.Aim{}, "", err
	}
	if within <= 0 {
		return queueing.Aim{}, "", fmt.Errorf("%q: the time must be above 0", text)
	}
	return queueing.Aim{Percentile: float64(p), Within: float64(within)},
		fmt.Sprintf("p%s ≤ %s", digits, within.Human()), nil
}

// answer finds what is to be found and solves the node.
func (q queueQuestion) answer() (queueAnswer, error) {
	n := q.node
	switch q.find {
	case findServers:
		c, err := n.ServersFor(1, q.slo)
		if err != nil {
			return queueAnswer{}, err
		}
		n.Servers = float64(c)
	case findRate:
		rate, err := n.Capacity(1, q.slo)
		if err != nil {
			return queueAnswer{}, err
		}
		n.Rate = rate
	}
	s, err := n.Solve()
	if err != nil {
		return queueAnswer{}, err
	}
	a := queueAnswer{
		Servers: n.Servers, Rate: twelveDigits(n.Rate), Service: twelveDigits(float64(1000 * n.Service)),
		Utilisation: twelveDigits(s.Utilisation()), PWait: twelveDigits(s.PWait()),
		MeanWait: twelveDigits(float64(1000 * s.MeanWait())),
	}
	for _, p := range []struct {
		of float64
		ms *float64
	}{{0.5, &a.P50}, {0.9, &a.P90}, {0.95, &a.P95}, {0.99, &a.P99}, {0.999, &a.P999}} {
		t, err := s.ResponsePercentile(p.of)
		if err != nil {
			return queueAnswer{}, err
		}
		*p.ms = twelveDigits(float64(1000 * t))
	}
	return a, nil
}

// queueError sorts what pkg/queueing refuses: a plan that cannot be, or a
// number that makes no sense.
func queueError(err error) error {
	var unstable *queueing.UnstableError
	var impossible *queueing.ImpossibleError
	switch {
	case errors.As(err, &unstable):
		return infeasibleError{hinted{err,
			"Find the least servers with --slo, for example --slo p99=50ms in place of --servers."}}
	case errors.As(err, &impossible):
		return infeasibleError{hinted{err, "Change --slo, --rate or --service so that it can be met."}}
	}
	return usageError{err}
}
