package whatif

import (
	"context"
	"sync"
	"sync/atomic"

	"headroom/pkg/plan"
)

// Progress is told how many of how many points are planned. Several goroutines
// call it.
type Progress func(done, of int)

// each calls do for 0 ≤ i < n from so many goroutines, each with a plan.Reuse of its
// own, and returns which calls were made; a single one calls in the order of i. A
// cancelled context keeps further calls from being made; the first error does
// too and is returned, that of the lowest index.
func each(ctx context.Context, n, workers int, progress Progress, do func(i int, u *plan.Reuse) error) ([]bool, error) {
	done := make([]bool, n)
	errs := make([]error, n)
	var next, finished atomic.Int64
	var failed atomic.Bool
	var wg sync.WaitGroup
	for range min(n, workers) {
		wg.Add(1)
		go func() {
			defer wg.Done()
			u := &plan.Reuse{}
			for ctx.Err() == nil && !failed.Load() {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				if errs[i] = do(i, u); errs[i] != nil {
					failed.Store(true)
					return
				}
				done[i] = true
				if k := finished.Add(1); progress != nil {
					progress(int(k), n)
				}
			}
		}()
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return done, err
		}
	}
	return done, nil
}
