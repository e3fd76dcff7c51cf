package cli

import (
	"fmt"
	"strings"
	"sync/atomic"
	"time"
)

// progress draws a bar on stderr while something long runs, if that is a
// terminal. It draws nothing in the first moments, so that short runs leave no
// trace.
type progress struct {
	what     string
	done, of atomic.Int64
	quit     chan struct{}
	ended    chan struct{}
}

// every is how often the bar is drawn.
const every = 200 * time.Millisecond

// progress starts a bar; without a terminal it never draws.
func (a *app) progress(what string) *progress {
	p := &progress{what: what, quit: make(chan struct{}), ended: make(chan struct{})}
	if !a.ErrTerminal {
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

// at is told how far things are. Calls may come out of order.
func (p *progress) at(done, of int) {
	old := p.done.Load()
	for int64(done) > old && !p.done.CompareAndSwap(old, int64(done)) {
		old = p.done.Load()
	}
	p.of.Store(int64(of))
}

// stop removes the bar.
func (p *progress) stop() {
	close(p.quit)
	<-p.ended
}

func (p *progress) line() string {
	done, of := p.done.Load(), max(p.of.Load(), 1)
	const width = 30
	full := int(min(done*width/of, width))
	return fmt.Sprintf("[%s%s] %d of %d %s, Ctrl-C ends", strings.Repeat("#", full), strings.Repeat("-", width-full),
		done, of, p.what)
}
