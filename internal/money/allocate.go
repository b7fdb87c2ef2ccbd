package money

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"
)

// Allocate splits a number of minor units by weights, so that the parts add up to it: each gets its share rounded towards
// zero, and what is left goes unit by unit to the largest remainders, of equal ones to the first. It is for splitting one
// given amount; time is prorated as in spec B3 and B4. Weights are not negative and not all zero.
func Allocate(minor int64, weights []int64) ([]int64, error) {
	total := new(big.Int)
	for _, w := range weights {
		if w < 0 {
			return nil, fmt.Errorf("money: allocate by the negative weight %d", w)
		}
		total.Add(total, big.NewInt(w))
	}
	if total.Sign() == 0 {
		return nil, fmt.Errorf("money: allocate %d by nothing", minor)
	}
	parts, left := make([]int64, len(weights)), minor
	rests := make([]*big.Int, len(weights))
	order := make([]int, len(weights))
	for i, w := range weights {
		share := new(big.Int).Mul(big.NewInt(minor), big.NewInt(w))
		share, rests[i] = share.QuoRem(share, total, new(big.Int))
		parts[i], order[i] = share.Int64(), i
		left -= parts[i]
	}
	slices.SortStableFunc(order, func(a, b int) int { return rests[b].CmpAbs(rests[a]) })
	unit := int64(cmp.Compare(left, 0))
	for _, i := range order { // fewer units are left than there are parts
		if left == 0 {
			break
		}
		parts[i] += unit
		left -= unit
	}
	return parts, nil
}
