package access

import (
	"fmt"
	"testing"
	"time"

	"gsl/tenants/tenantstest"
)

func TestAccountBacksOff(t *testing.T) {
	now, throttle := tenantstest.Today, newThrottle()
	for i := range freeTries {
		if wait := throttle.try(7, "10.0.0.1", now); wait != 0 {
			t.Fatalf("try %d waits %v", i+1, wait)
		}
	}
	var waits []time.Duration
	for range 12 {
		wait := throttle.try(7, "10.0.0.9", now) // another address helps nothing
		waits = append(waits, wait)
		now = now.Add(wait)
		if again := throttle.try(7, "10.0.0.9", now); again != 0 {
			t.Fatalf("after the wait it still waits %v", again)
		}
	}
	if fmt.Sprint(waits[:5]) != "[1s 2s 4s 8s 16s]" || waits[11] != maxWait {
		t.Errorf("waits are %v", waits)
	}
	if wait := throttle.try(8, "10.0.0.9", now); wait != 0 {
		t.Errorf("a colleague behind the same address waits %v", wait)
	}
}

// A right password that waits for a code is no guess, however often somebody
// begins anew; codes are, and a right password between them forgives none.
func TestARightPasswordIsNoGuess(t *testing.T) {
	now, throttle := tenantstest.Today, newThrottle()
	begin := func() time.Duration {
		wait := throttle.try(7, "10.0.0.1", now)
		if wait == 0 {
			throttle.halfway(7, "10.0.0.1", now)
		}
		return wait
	}
	for range 3 * freeTries {
		if wait := begin(); wait != 0 {
			t.Fatalf("the password waits %v", wait)
		}
		now = now.Add(time.Second)
	}
	for range freeTries {
		begin()
		throttle.try(7, "10.0.0.1", now) // a wrong code
	}
	if wait := begin(); wait != time.Second {
		t.Errorf("after five wrong codes the password waits %v", wait)
	}
	now = now.Add(time.Second)
	if first, second := begin(), throttle.try(7, "10.0.0.1", now); first != 0 || second != 0 {
		t.Errorf("after the wait: the password waits %v, the code %v", first, second)
	}
	if wait := begin(); wait != 2*time.Second {
		t.Errorf("after six wrong codes the password waits %v", wait)
	}
}

func TestAccountIsForgottenAfterAnHour(t *testing.T) {
	now, throttle := tenantstest.Today, newThrottle()
	for range freeTries {
		throttle.try(7, "10.0.0.1", now)
	}
	now = now.Add(forgetAfter + time.Second)
	for i := range freeTries {
		if wait := throttle.try(7, "10.0.0.1", now); wait != 0 {
			t.Fatalf("try %d waits %v", i+1, wait)
		}
	}
}

func TestStrangerDoesNotLockTheOwnerOut(t *testing.T) {
	now, throttle := tenantstest.Today, newThrottle()
	throttle.try(7, "10.0.0.1", now)
	throttle.succeeded(7, "10.0.0.1")
	for range 50 {
		throttle.try(7, "203.0.113.5", now)
	}
	if wait := throttle.try(7, "203.0.113.5", now); wait == 0 {
		t.Error("the stranger goes on")
	}
	if wait := throttle.try(7, "10.0.0.1", now); wait != 0 {
		t.Errorf("the owner at the usual desk waits %v", wait)
	}
}

func TestAddressIsGenerousAndBounded(t *testing.T) {
	now, throttle := tenantstest.Today, newThrottle()
	passed := 0
	for run := range uint32(2000) {
		if throttle.try(run+1, "10.0.0.1", now) == 0 {
			passed++
		}
	}
	if passed != addressBurst {
		t.Errorf("%d tries of one address at once passed, want %d", passed, addressBurst)
	}
	if wait := throttle.try(1, "10.0.0.2", now); wait != 0 {
		t.Errorf("another address waits %v", wait)
	}
	if wait := throttle.try(5000, "10.0.0.1", now.Add(time.Second)); wait != 0 {
		t.Errorf("a second later it waits %v", wait)
	}
}

func TestThrottleMemoryIsBounded(t *testing.T) {
	throttle := newThrottle()
	for i := range uint32(3 * remembered) {
		throttle.try(i+1, fmt.Sprint("10.", i>>16, ".", i>>8&255, ".", i&255), tenantstest.Today)
		throttle.succeeded(i+1, fmt.Sprint("10.", i>>16, ".", i>>8&255, ".", i&255))
		throttle.try(i+1, "other", tenantstest.Today.Add(time.Duration(i)*time.Second))
	}
	for name, n := range map[string]int{
		"addresses": throttle.addresses.order.Len(), "address index": len(throttle.addresses.at),
		"accounts": throttle.accounts.order.Len(), "account index": len(throttle.accounts.at),
		"familiar": throttle.familiar.order.Len(), "familiar index": len(throttle.familiar.at),
	} {
		if n > remembered {
			t.Errorf("%s holds %d, more than %d", name, n, remembered)
		}
	}
}

func TestNetwork(t *testing.T) {
	for address, want := range map[string]string{
		"10.1.2.3":             "10.1.2.3",
		"2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64",
		"2001:db8:1:2:ffff::1": "2001:db8:1:2::/64",
		"::ffff:10.1.2.3":      "::ffff:10.1.2.3",
		"fe80::1%eth0":         "fe80::/64",
		"":                     "",
		"no address":           "no address",
	} {
		if got := network(address); got != want {
			t.Errorf("network(%q) = %q, want %q", address, got, want)
		}
	}
}
