//! A table from hashes to numbers, which other tables give to what they hold.
//!
//! Open addressed, and at most half full, so that a number needs no more bits than there are of the places; the other
//! bits of a place hold a part of the hash, and most other things are told apart without looking at them. Four bytes
//! a place: what a note looks up stays in the nearest cache.

/// Places of the smallest table.
const FEWEST: usize = 16;

/// Numbers from 1, by the hash of what they stand for.
#[derive(Clone, Debug)]
pub(super) struct Index {
    /// A number and a part of its hash each; 0 where there is none.
    places: Vec<u32>,
    taken: usize,
}

impl Default for Index {
    fn default() -> Self {
        Self { places: vec![0; FEWEST], taken: 0 }
    }
}

impl Index {
    /// The number under a hash that `is_it`.
    #[inline(always)]
    pub(super) fn get(&self, hash: u64, is_it: impl Fn(u32) -> bool) -> Option<u32> {
        let mask = self.mask();
        let mut at = (hash >> 32) as u32 & mask;
        loop {
            let place = self.places[at as usize];
            if place == 0 {
                return None;
            }
            if (place ^ hash as u32) & !mask == 0 && is_it(place & mask) {
                return Some(place & mask);
            }
            at = (at + 1) & mask;
        }
    }

    /// Adds the number that follows those there are, under a hash that none of them is looked up by; `hash_of` are
    /// theirs.
    pub(super) fn push(&mut self, hash: u64, hash_of: impl Fn(u32) -> u64) {
        self.taken += 1;
        if 2 * self.taken > self.places.len() {
            self.places = vec![0; 2 * self.places.len()];
            for number in 1..self.taken as u32 {
                self.place(number, hash_of(number));
            }
        }
        self.place(self.taken as u32, hash);
    }

    fn place(&mut self, number: u32, hash: u64) {
        let mask = self.mask();
        let mut at = (hash >> 32) as u32 & mask;
        while self.places[at as usize] != 0 {
            at = (at + 1) & mask;
        }
        self.places[at as usize] = number | hash as u32 & !mask;
    }

    const fn mask(&self) -> u32 {
        self.places.len() as u32 - 1
    }
}

/// A hash of two numbers, all of whose bits differ for most pairs.
pub(super) const fn hash(one: u64, other: u64) -> u64 {
    let mixed = (one ^ other.rotate_left(23)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed ^ mixed >> 29
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_is_found_again_however_the_table_grew() {
        let (mut index, of) = (Index::default(), |number: u32| hash(u64::from(number % 700), 1));
        for number in 1..=2000 {
            index.push(of(number), of);
        }
        for number in 1..=2000 {
            assert_eq!(index.get(of(number), |n| n == number), Some(number));
        }
        assert_eq!(index.get(of(1), |_| false), None);
        assert_eq!(index.get(hash(701, 1), |_| true), None);
    }
}
