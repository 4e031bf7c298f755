//! How often one client may ask: the generic cell rate algorithm (ITU-T I.371), which keeps one time for a client.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How far a client may be ahead of its rate.
const AHEAD: Duration = Duration::from_secs(1);

/// Clients that are kept in mind before those that have been silent are first forgotten.
const MOST: usize = 4096;

/// Whom requests are counted of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Client {
    /// The holder of a token.
    Token(usize),
    /// Whoever asks from an address without one.
    Address(IpAddr),
}

impl Client {
    /// Whoever asks from this address; of IPv6 its network, which one person can have the whole of.
    pub(super) fn at(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(four) => Self::Address(four.into()),
            IpAddr::V6(six) => {
                let [a, b, c, d, ..] = six.segments();
                Self::Address(std::net::Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into())
            }
        }
    }
}

/// The rates of all clients.
#[derive(Debug)]
pub(super) struct Rates {
    /// The time of one request; `None` where there is no limit.
    each: Option<Duration>,
    paid: Mutex<Paid>,
}

#[derive(Debug)]
struct Paid {
    /// When each client's requests so far are paid for.
    until: HashMap<Client, Instant>,
    /// How many clients there may be before the silent ones are forgotten: twice as many as were left the last time, so
    /// that a crowd is not gone through at every request.
    room: usize,
}

impl Rates {
    pub(super) fn new(a_second: u32) -> Self {
        let each = (a_second > 0).then(|| Duration::from_secs(1) / a_second.max(1));
        Self { each, paid: Mutex::new(Paid { until: HashMap::new(), room: MOST }) }
    }

    /// Counts a request of `client`; what it has to wait where it is one too many, and then it is not counted.
    pub(super) fn take(&self, client: Client, now: Instant) -> Result<(), Duration> {
        let Some(each) = self.each else { return Ok(()) };
        let mut paid = self.paid.lock().unwrap_or_else(PoisonError::into_inner);
        if paid.until.len() >= paid.room {
            paid.until.retain(|_, until| *until > now);
            paid.room = MOST.max(2 * paid.until.len());
        }
        let until = paid.until.get(&client).copied().unwrap_or(now).max(now);
        let ahead = until.duration_since(now);
        if ahead + each > AHEAD.max(each) {
            return Err((ahead + each).saturating_sub(AHEAD.max(each)));
        }
        paid.until.insert(client, until + each);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_may_be_a_second_ahead_and_others_are_undisturbed() {
        let (rates, start) = (Rates::new(10), Instant::now());
        let (one, two) = (Client::Token(0), Client::at([127, 0, 0, 1].into()));
        let taken = |client, millis| rates.take(client, start + Duration::from_millis(millis));
        assert_eq!((0..30).filter(|_| taken(one, 0).is_ok()).count(), 10);
        assert_eq!(taken(one, 0), Err(Duration::from_millis(100)));
        assert_eq!(taken(two, 0), Ok(()));
        assert_eq!((0..30).filter(|_| taken(one, 300).is_ok()).count(), 3);
        assert_eq!((0..30).filter(|_| taken(one, 60_000).is_ok()).count(), 10);
    }

    #[test]
    fn a_rate_of_one_a_second_is_kept_and_none_is_no_limit() {
        let (rates, start) = (Rates::new(1), Instant::now());
        let client = Client::Token(0);
        let taken = |rates: &Rates, millis| rates.take(client, start + Duration::from_millis(millis)).is_ok();
        assert_eq!([0, 500, 1000, 1999, 2000].map(|at| taken(&rates, at)), [true, false, true, false, true]);
        let free = Rates::new(0);
        assert!((0..10_000).all(|_| taken(&free, 0)));
    }

    #[test]
    fn silent_clients_are_forgotten() {
        let (rates, start) = (Rates::new(10), Instant::now());
        for at in 0..MOST * 3 {
            rates.take(Client::Token(at), start + Duration::from_secs(at as u64)).unwrap();
        }
        assert!(rates.paid.lock().unwrap().until.len() <= MOST);
    }

    #[test]
    fn a_crowd_is_forgotten_when_it_falls_silent() {
        let (rates, start) = (Rates::new(10), Instant::now());
        let known = || rates.paid.lock().unwrap().until.len();
        for at in 0..MOST * 3 {
            rates.take(Client::Token(at), start).unwrap();
        }
        assert_eq!(known(), MOST * 3);
        for at in MOST * 3..MOST * 5 {
            rates.take(Client::Token(at), start + Duration::from_mins(1)).unwrap();
        }
        assert!(known() <= MOST * 2);
    }

    #[test]
    fn addresses_of_one_network_are_one_client() {
        let at = |text: &str| Client::at(text.parse().unwrap());
        assert_eq!(at("2001:db8:1:2::7"), at("2001:db8:1:2:ffff::1"));
        assert_ne!(at("2001:db8:1:2::7"), at("2001:db8:1:3::7"));
        assert_eq!(at("::ffff:192.0.2.1"), at("192.0.2.1"));
        assert_ne!(at("192.0.2.2"), at("192.0.2.1"));
    }
}
