package cli

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
)

// progress draws a bar on stderr while something long runs, if that is a
// terminal. It draws nothing in the first moments, so that short runs leave no
// trace.
type progress struct {
	what  string
	quit  chan struct{}
	ended chan struct{}

	mu       sync.Mutex
	done, of int
	part     float64 // that is drawn
	width    int     // of the terminal; 0 is not known
	drawn    int     // how long the line on the terminal is
}

// barPlaces is how long the bar is.
const barPlaces = 30

// every is how often the bar is drawn.
const every = 200 * time.Millisecond

// progress starts a bar; without a terminal it never draws.
func (a *app) progress(what string) *progress {
	p := &progress{what: what, width: a.ErrWidth, quit: make(chan struct{}), ended: make(chan struct{})}
	if !a.ErrTerminal || a.quiet || a.dumb() {
		close(p.ended)
		return p
	}
	go func() {
		defer close(p.ended)
		t := time.NewTicker(every)
		defer t.Stop()
		for {
			select {
			case <-t.C:
				p.draw(a.errOut, p.line(), "")
			case <-p.quit:
				if p.drawn > 0 {
					p.draw(a.errOut, "", "\r")
				}
				return
			}
		}
	}()
	return p
}

// at is told how far things are. Calls may come out of order, and how much there is to do
// may turn out to be more; the bar never goes back.
func (p *progress) at(done, of int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done, p.of = max(p.done, done), max(p.of, of)
	p.part = max(p.part, min(float64(p.done)/float64(max(p.of, 1)), 1))
}

// draw writes a line over the one before it, of which blanks hide the rest: a terminal that
// is asked for no escapes (NO_COLOR) gets none.
func (p *progress) draw(w io.Writer, line, end string) {
	fmt.Fprintf(w, "\r%s%s%s", line, strings.Repeat(" ", max(p.drawn-len(line), 0)), end)
	p.drawn = len(line)
}

// stop removes the bar.
func (p *progress) stop() {
	close(p.quit)
	<-p.ended
}

func (p *progress) line() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	text := fmt.Sprintf("%d of %d %s, Ctrl-C ends", p.done, max(p.of, 1), p.what)
	places := barPlaces
	if p.width > 0 { // the last column stays free: some terminals go on to the next line
		places = min(places, p.width-len("[] ")-len(text)-1)
	}
	if places <= 0 {
		return text[:min(len(text), max(p.width-1, 0))]
	}
	full := int(p.part * float64(places))
	return "[" + strings.Repeat("#", full) + strings.Repeat("-", places-full) + "] " + text
}
