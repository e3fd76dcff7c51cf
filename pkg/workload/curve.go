package workload

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"math"
	"slices"
	"strconv"

	"headroom/pkg/diag"
	"headroom/pkg/intake"
)

// Hours is how many hours a week has: the length of a load curve.
const Hours = 168

// Series is one number per hour of the week, hour 0 being Monday 00:00 UTC.
type Series [Hours]float64

// Max is the greatest value of the series.
func (s *Series) Max() float64 {
	m := s[0]
	for _, v := range s[1:] {
		m = math.Max(m, v)
	}
	return m
}

// Mean is the mean over the week.
func (s *Series) Mean() float64 {
	t := 0.0
	for _, v := range s {
		t += v
	}
	return t / Hours
}

// shifted is the series, which is in local time, in the hours of UTC, where the
// clock is tz hours ahead of it: UTC hour h is local hour h + tz. Where that is
// half of one local hour and half of the next, the load is that of both halves.
func (s *Series) shifted(tz TZ) Series {
	whole := math.Floor(float64(tz))
	later := float64(tz) - whole // the part of a UTC hour that lies in the later of its two local hours
	var out Series
	for h := range s {
		from := (h + int(whole) + Hours) % Hours
		out[h] = float64(s[from]*(1-later)) + float64(s[(from+1)%Hours]*later)
	}
	return out
}

// The presets are shapes, not measurements: engineering judgement, shown as
// assumed. Each gives 24 local hours of a working day and of a weekend day,
// as parts of the peak; the greatest value of each pair is 1.
var (
	officeDay = [24]float64{
		.05, .05, .05, .05, .05, .08, .15, .35, .70, .95, 1, .98,
		.85, .92, .98, .95, .85, .60, .35, .22, .15, .12, .08, .06,
	}
	officeEnd = [24]float64{
		.05, .05, .05, .05, .05, .05, .05, .06, .08, .10, .12, .12,
		.12, .12, .12, .10, .10, .09, .08, .07, .07, .06, .05, .05,
	}

	consumerDay = [24]float64{
		.45, .30, .20, .15, .13, .15, .22, .32, .42, .50, .55, .58,
		.62, .60, .58, .58, .60, .66, .75, .87, .97, 1, .90, .68,
	}
	consumerEnd = [24]float64{
		.55, .42, .30, .20, .16, .16, .20, .28, .40, .52, .60, .65,
		.68, .68, .68, .68, .70, .74, .80, .88, .95, .96, .88, .70,
	}

	twoPeaksDay = [24]float64{
		.20, .14, .10, .10, .12, .20, .45, .80, 1, .80, .60, .52,
		.55, .55, .52, .55, .65, .82, .97, .95, .75, .55, .40, .28,
	}
	twoPeaksEnd = [24]float64{
		.28, .20, .15, .12, .12, .14, .20, .30, .42, .52, .58, .60,
		.60, .60, .58, .58, .60, .66, .72, .70, .60, .50, .42, .34,
	}
)

func week(day, end [24]float64) Series {
	var s Series
	for h := range s {
		if h/24 < 5 {
			s[h] = day[h%24]
		} else {
			s[h] = end[h%24]
		}
	}
	return s
}

// presetCurve returns the named shape in local time.
func presetCurve(name string) Series {
	switch name {
	case "office-hours":
		return week(officeDay, officeEnd)
	case "consumer":
		return week(consumerDay, consumerEnd)
	case "two-peaks":
		return week(twoPeaksDay, twoPeaksEnd)
	}
	var flat Series
	for h := range flat {
		flat[h] = 1
	}
	return flat
}

// MaxCurve bounds the bytes of a load curve: 168 rows with room for any number and
// for a comment's worth of blanks.
const MaxCurve = 64 << 10

const curveHint = "a load curve has the header hour,load and 168 rows: hours 0 (Monday 00:00 UTC) to 167, " +
	"each with a load of 0 or more"

// ReadCurve reads measured load: a header "hour,load" and 168 rows, hour 0
// being Monday 00:00 UTC. Loads may have any unit; they are divided by their
// maximum. An hour of 0, such as a shop's at night, is load as well. Problems carry
// file, line and column.
func ReadCurve(file string, data []byte) (Series, error) {
	var c curveReader
	var text []byte
	c.file = file
	if len(data) > MaxCurve {
		c.addf(1, 1, "the file has %d bytes; a load curve has at most %d", len(data), MaxCurve)
	} else if text, c.ps = intake.Text(file, data); len(c.ps) == 0 {
		c.rows(text)
	}
	if len(c.ps) > 0 {
		c.ps.Quote(file, text)
		return Series{}, c.ps.Err()
	}
	top := c.loads.Max()
	for h := range c.loads {
		c.loads[h] /= top
	}
	return c.loads, nil
}

// curveReader collects the loads of a curve's rows, and what is wrong with them.
type curveReader struct {
	file  string
	loads Series
	seen  [Hours]int // line of each hour; 0 where there is none yet
	ps    diag.Problems
}

func (c *curveReader) addf(line, col int, format string, args ...any) {
	c.ps.Addf(diag.Pos{File: c.file, Line: line, Col: col}, curveHint, format, args...)
}

// rows reads the header and all rows.
func (c *curveReader) rows(text []byte) {
	r := csv.NewReader(bytes.NewReader(text))
	r.FieldsPerRecord = 2
	head, err := r.Read()
	if err != nil {
		c.addf(1, 1, "not a load curve")
		return
	}
	for i, want := range []string{"hour", "load"} {
		if head[i] != want {
			line, col := r.FieldPos(i)
			c.addf(line, col, "not a load curve: column %d is %.60q, not %q", i+1, head[i], want)
		}
	}
	if len(c.ps) > 0 {
		return
	}
	for len(c.ps) < 20 {
		row, err := r.Read()
		if err == io.EOF {
			break
		}
		var bad *csv.ParseError
		if errors.As(err, &bad) { // after which there are no positions of fields
			c.addf(bad.Line, max(bad.Column, 1), "unreadable row: %v", bad.Err)
			break
		}
		c.row(r, row)
	}
	if len(c.ps) > 0 {
		return
	}
	if h := slices.Index(c.seen[:], 0); h >= 0 {
		c.addf(1, 1, "hour %d is missing", h)
	}
	if c.loads.Max() == 0 {
		c.addf(2, 1, "no hour has any load")
	}
}

// row takes the row that was read last.
func (c *curveReader) row(r *csv.Reader, row []string) {
	line, col := r.FieldPos(0)
	_, loadCol := r.FieldPos(1)
	hour, errH := strconv.Atoi(row[0])
	load, errL := strconv.ParseFloat(row[1], 64)
	switch {
	case errH != nil || hour < 0 || hour >= Hours:
		c.addf(line, col, "hour %.60q is not a whole number from 0 to 167", row[0])
	case c.seen[hour] != 0:
		c.addf(line, col, "hour %d stands in line %d already", hour, c.seen[hour])
	case errL != nil || !(load >= 0) || math.IsInf(load, 0):
		c.addf(line, loadCol, "load %.60q is not a number of 0 or more", row[1])
	default:
		c.seen[hour], c.loads[hour] = line, load
	}
}

// clockLocal says that the hours of a measured curve are those of each region's
// clock; without it they are UTC.
const clockLocal = "local"
