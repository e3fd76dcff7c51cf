package cli

import (
	"fmt"
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
	full     int // places of the bar
}

// barPlaces is how long the bar is.
const barPlaces = 30

// every is how often the bar is drawn.
const every = 200 * time.Millisecond

// progress starts a bar; without a terminal it never draws.
func (a *app) progress(what string) *progress {
	p := &progress{what: what, quit: make(chan struct{}), ended: make(chan struct{})}
	if !a.ErrTerminal || a.quiet || a.dumb() {
		close(p.ended)
		return p
	}
	go func() {
		defer close(p.ended)
		t := time.NewTicker(every)
		defer t.Stop()
		drawn := false
		for {
			select {
			case <-t.C:
				fmt.Fprintf(a.errOut, "\r%s\x1b[K", p.line())
				drawn = true
			case <-p.quit:
				if drawn {
					fmt.Fprint(a.errOut, "\r\x1b[K")
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
	p.full = max(p.full, min(p.done*barPlaces/max(p.of, 1), barPlaces))
}

// stop removes the bar.
func (p *progress) stop() {
	close(p.quit)
	<-p.ended
}

func (p *progress) line() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return fmt.Sprintf("[%s%s] %d of %d %s, Ctrl-C ends", strings.Repeat("#", p.full),
		strings.Repeat("-", barPlaces-p.full), p.done, max(p.of, 1), p.what)
}
