package whatif

import (
	"context"
	"fmt"
	"math"

	"headroom/pkg/bill"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// usersRange is how far a picture of the cost over users goes: from a quarter of the
// planned users to four times as many.
const usersRange = 4

// OverUsers plans a system at so many numbers of users around its own, for the picture of
// the cost over users; the model is that of the same inputs. It is nil where there are no
// users at all, where the plan was not made by a search, and for an environment, whose
// users are not the profile's.
func OverUsers(ctx context.Context, is *bill.Result, points int, model func() (*Model, error)) (*Sweep, error) {
	users, env := float64(is.Plan.Profile.Peak.Users.V), is.Request.Environment
	if is.Plan.System == nil || users < 1 || env != "" && env != workload.Production {
		return nil, nil
	}
	m, err := model()
	if err != nil {
		return nil, err
	}
	axis, err := m.Axis(fmt.Sprintf("%s=%s..%s:log:%d", usersPath, unit.Count(math.Ceil(users/usersRange)),
		unit.Count(users*usersRange), points))
	if err != nil {
		return nil, err
	}
	return m.Sweep(ctx, []Axis{axis}, false, nil)
}
