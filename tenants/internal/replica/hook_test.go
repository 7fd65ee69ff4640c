package replica

import "testing"

// A Litestream that keeps it elsewhere works as well, with 200 MB more for 345
// municipalities: nothing else would tell.
func TestLitestreamKeepsItsPlaceWhereWeLookForIt(t *testing.T) {
	if placeInWAL == nil {
		t.Error("litestream.DB has no field rtx of type *sql.Tx: see forgetTables")
	}
}
