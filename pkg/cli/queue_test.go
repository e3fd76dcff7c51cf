package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/drawn"
	"headroom/pkg/intake"
	"headroom/pkg/report"
)

// runQueueArgs runs `headroom queue` with arguments split at spaces.
func runQueueArgs(args string) (string, error) {
	var out bytes.Buffer
	env := Env{Out: &out, Err: io.Discard, Getenv: func(string) string { return "" }}
	root := newRootCmd(&app{Env: env, out: &stdout{to: env.Out}, errOut: env.Err,
		files: intake.NewReader(context.Background())})
	root.SetArgs(append([]string{"queue"}, strings.Fields(args)...))
	err := root.Execute()
	return out.String(), err
}

// M/M/1 at ρ = ½ and D = 10 ms: the response is exponential with mean 20 ms,
// so its percentiles are −20·ln(1−p) ms.
const halfBusy = `{
  "servers": 1,
  "rate_per_s": 50,
  "service_ms": 10,
  "utilisation": 0.5,
  "p_wait": 0.5,
  "mean_wait_ms": 10,
  "p50_ms": 13.8629436112,
  "p90_ms": 46.0517018599,
  "p95_ms": 59.9146454711,
  "p99_ms": 92.1034037198,
  "p999_ms": 138.15510558
}
`

func TestQueueJSON(t *testing.T) {
	out, err := runQueueArgs("--servers 1 --rate 50/s --service 10ms --format json")
	require.NoError(t, err)
	require.Equal(t, halfBusy, out)
}

func TestQueueFormatsAgree(t *testing.T) {
	const args = "--servers 1 --rate 50/s --service 10ms --format "
	csv, err := runQueueArgs(args + "csv")
	require.NoError(t, err)
	require.Equal(t, `servers,rate_per_s,service_ms,utilisation,p_wait,mean_wait_ms,p50_ms,p90_ms,p95_ms,p99_ms,p999_ms
1,50,10,0.5,0.5,10,13.8629436112,46.0517018599,59.9146454711,92.1034037198,138.15510558
`, csv)
	table, err := runQueueArgs(args + "table")
	require.NoError(t, err)
	require.Contains(t, table, "Steady state (M/M/1)\n")
	for _, line := range []string{
		`Servers +1`, `Rate +50/s`, `Service time +10 ms`, `Utilisation +50 %`, `Requests that wait +50 %`,
		`Mean wait +10 ms`,
		`Response p50 +13\.9 ms`, `Response p90 +46\.1 ms`, `Response p95 +59\.9 ms`, `Response p99 +92\.1 ms`,
		`Response p99\.9 +138 ms`,
	} {
		require.Regexp(t, `(?m)^ *`+line+` *$`, table)
	}
	markdown, err := runQueueArgs(args + "markdown")
	require.NoError(t, err)
	require.Contains(t, markdown, "\n| Measure | Value |\n| --- | ---: |\n| Servers | 1 |\n")
	require.Contains(t, markdown, "\n| Response p99.9 | 138 ms |\n")
}

// An idle M/M/c node's response is its service time: p99 = D·ln 100. The
// least servers and the most rate for an SLO are each other's inverse.
func TestQueueSLO(t *testing.T) {
	out, err := runQueueArgs("--slo p99=50ms --rate 1000/s --service 10ms")
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(out, "Least servers for p99 ≤ 50 ms: 12 (M/M/12)\n"), out)
	out, err = runQueueArgs("--slo p99=50ms --rate 1000/s --service 10ms --format json")
	require.NoError(t, err)
	require.Less(t, queueField(t, out, "p99_ms"), 50.0)
	out, err = runQueueArgs("--servers 11 --rate 1000/s --service 10ms --format json")
	require.NoError(t, err)
	require.Greater(t, queueField(t, out, "p99_ms"), 50.0, "one fewer breaks it")

	out, err = runQueueArgs("--slo p99=50ms --servers 12 --service 10ms --format json")
	require.NoError(t, err)
	require.InEpsilon(t, 50, queueField(t, out, "p99_ms"), 1e-4)
	require.LessOrEqual(t, queueField(t, out, "p99_ms"), 50.0)
	require.Greater(t, queueField(t, out, "rate_per_s"), 1000.0)
	// M/M/1: μ − λ = ln(100)/0.1 s, printed rounded down.
	out, err = runQueueArgs("--slo P99=100ms --servers 1 --service 10ms")
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(out, "Most rate for p99 ≤ 100 ms: 53.948/s (M/M/1)\n"), out)
}

func TestQueuePercentileNames(t *testing.T) {
	want, err := runQueueArgs("--slo p99.9=100ms --rate 1000/s --service 10ms")
	require.NoError(t, err)
	got, err := runQueueArgs("--slo p999=100ms --rate 1000/s --service 10ms")
	require.NoError(t, err)
	require.Equal(t, want, got)
	for name, p := range map[string]float64{"p5": 0.05, "p50": 0.5, "p99": 0.99, "p999": 0.999,
		"p9999": 0.9999, "p99.95": 0.9995} {
		slo, _, err := parseSLO(name + "=1s")
		require.NoError(t, err)
		require.Equal(t, p, slo.Percentile, name)
		require.Equal(t, 1.0, slo.Within)
	}
}

func TestQueueVariability(t *testing.T) {
	out, err := runQueueArgs("--servers 1 --rate 50/s --service 10ms --service-scv 0 --format json")
	require.NoError(t, err)
	require.Equal(t, 5.0, queueField(t, out, "mean_wait_ms"), "M/D/1 waits half as long as M/M/1")
	out, err = runQueueArgs("--servers 1 --rate 50/s --service 10ms --service-scv 0 --arrival-scv 0")
	require.NoError(t, err)
	require.Contains(t, out, "Steady state (ca² 0, cs² 0, approximate)")
	require.Regexp(t, `Response p99\.9 +10 ms`, out)
}

func TestQueueWrongUsage(t *testing.T) {
	for args, want := range map[string]string{
		"":                          "--service is missing; give the mean service time",
		"--servers 4 --service 1s":  "--rate is missing",
		"--rate 4/s --service 1s":   "--servers is missing",
		"--slo p99=2s --service 1s": "--slo needs --rate",
		"--slo p99=9s --service 1s --rate 1/s --servers 3": "leaves nothing to find",
		"--servers 1.5 --rate 1/s --service 1s":            `--servers: "1.5" is not a number of servers`,
		"--servers 0 --rate 1/s --service 1s":              `--servers: "0" is not a number of servers`,
		"--servers 10001 --rate 1/s --service 1s":          `--servers: "10001" is not a number of servers`,
		"--servers 1 --rate 1 --service 1s":                `--rate: "1": a rate needs a unit`,
		"--servers 2 --rate 1/s --service 10":              `--service: "10": a duration needs a unit`,

		"--servers 2 --rate 1/s --service 1s --service-scv -1":    `--service-scv: "-1": a count cannot be negative`,
		"--servers 2 --rate 1/s --service 1s --arrival-scv NaN":   `--arrival-scv: "NaN" is not a count`,
		"--servers 2 --rate 1/s --service 1s --arrival-scv 1e3":   `--arrival-scv: "1e3": write the number out`,
		"--servers 2 --rate 1/s --service 1s --arrival-scv 0x1p3": `--arrival-scv: "0x1p3": write a decimal number`,
		"--servers 2 --rate 1/s --service 1s --service-scv=":      "--service-scv: a count is missing",
		"--servers 2 --rate 1/s --service 1s --service-scv 10001": "variation of service is 10001",

		"--servers 2 --rate 1/s --service 0s":                                "service time is 0 s",
		"--servers 2 --rate 1/s --service 1s --format yaml":                  "known are table, csv, markdown, json",
		"--slo p100=1s --rate 1/s --service 10ms":                            `--slo: "p100=1s" is not an aim`,
		"--slo p0=1s --rate 1/s --service 10ms":                              `--slo: "p0=1s" is not an aim`,
		"--slo 99=1s --rate 1/s --service 10ms":                              `--slo: "99=1s" is not an aim`,
		"--slo p99 --rate 1/s --service 10ms":                                `--slo: "p99" is not an aim`,
		"--slo p99=50 --rate 1/s --service 10ms":                             "a duration needs a unit",
		"--slo p99=0s --rate 1/s --service 10ms":                             "the time must be above 0",
		"--servers x --rate y --service z":                                   "--service: ",
		"--servers 2 --rate 100000000000000000000000000000/s --service -1ms": "cannot be negative",
	} {
		out, err := runQueueArgs(args)
		var usage usageError
		require.ErrorAs(t, err, &usage, "queue %s", args)
		require.Equal(t, exitUsage, exitCode(err))
		require.ErrorContains(t, err, want, "queue %s", args)
		require.Empty(t, out)
	}
}

func TestQueueImpossible(t *testing.T) {
	for args, want := range map[string]string{
		"--servers 12 --rate 1200/s --service 10ms":                "the queue never settles; use more than 12 servers",
		"--servers 1 --rate 1000000/s --service 10ms":              "utilisation 1e+04",
		"--slo p99=40ms --rate 10/s --service 10ms":                "the service time alone takes 0.0460517 s",
		"--slo p99=40ms --servers 100 --service 10ms":              "the service time alone takes 0.0460517 s",
		"--slo p99=90ms --rate 3000000/s --service 10ms":           "more than 10000 servers",
		"--slo p50=9ms --servers 1 --service 10ms --service-scv 0": "the service time alone takes 0.01 s",
	} {
		out, err := runQueueArgs(args)
		var infeasible infeasibleError
		require.ErrorAs(t, err, &infeasible, "queue %s", args)
		require.ErrorContains(t, err, want, "queue %s", args)
		require.Empty(t, out)
		var hint hinted
		require.ErrorAs(t, err, &hint, "the last line says what to do")
		require.Equal(t, exitInfeasible, exitCode(err))
	}
}

func TestQueueOut(t *testing.T) {
	file := filepath.Join(t.TempDir(), "answer.json")
	out, err := runQueueArgs("--servers 1 --rate 50/s --service 10ms --format json --out " + file)
	require.NoError(t, err)
	require.Empty(t, out)
	written, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, halfBusy, string(written))
}

func TestQueueCompletesFormats(t *testing.T) {
	_, kept := newQueueCmd(&app{}).GetFlagCompletionFunc("format")
	require.False(t, kept, "cobra keeps it for good, so that it is there only where a shell asks")
	cmd := newQueueCmd(&app{Env: Env{Args: []string{cobra.ShellCompRequestCmd}}})
	complete, ok := cmd.GetFlagCompletionFunc("format")
	require.True(t, ok)
	names, _ := complete(cmd, nil, "")
	require.Equal(t, report.DocumentFormats().Names(), names)
}

// A rate is printed with five digits or whole, and never above itself.
func TestQueueRateText(t *testing.T) {
	for rate, want := range map[float64]string{
		0: "0/s", 50: "50/s", 1234.5678: "1234.5/s", 53.94829: "53.948/s", 123456.9: "123456/s",
		0.00123456: "0.0012345/s", 1e-20: "0/s",
	} {
		require.Equal(t, want, queueRateText(rate))
	}
}

// No flag value makes it panic or print something that is not JSON.
func TestQueueAnyFlags(t *testing.T) {
	number := rapid.SampledFrom([]string{"0", "1", "2", "12", "0.5", "9999", "1k", "-1", "NaN", "1e9", "", "x"})
	suffix := rapid.SampledFrom([]string{"", "/s", "/min", "ms", "s", "us"})
	drawn.Check(t, func(t *rapid.T) {
		args := "--format json"
		for _, name := range []string{"servers", "rate", "service", "slo", "arrival-scv", "service-scv"} {
			if rapid.Bool().Draw(t, "has "+name) {
				args += " --" + name + "=" + rapid.SampledFrom([]string{"", "p99=", "p50="}).Draw(t, "p") +
					number.Draw(t, name) + suffix.Draw(t, "unit")
			}
		}
		out, err := runQueueArgs(args)
		if err == nil {
			require.True(t, json.Valid([]byte(out)), out)
		} else {
			require.Empty(t, out)
		}
	})
}

func queueField(t *testing.T, out, key string) float64 {
	t.Helper()
	var fields map[string]float64
	require.NoError(t, json.Unmarshal([]byte(out), &fields))
	require.Contains(t, fields, key)
	return fields[key]
}
