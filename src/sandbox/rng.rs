//! The dice of the simulated Amazon: the same seed always tells the same story.
//!
//! It must never be used for anything secret: whoever knows the seed knows every value that follows.

/// A `SplitMix64` generator (Steele, Lea and Flood, 2014): tiny, fast, repeatable.
#[derive(Clone, Debug)]
pub(crate) struct Rng(u64);

impl Rng {
    /// A generator whose sequence depends on `seed` only.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A generator of its own for the `index`-th thing made from `seed`.
    ///
    /// Each order draws from its own sequence, so that adding orders later never changes earlier ones.
    pub(crate) fn for_item(seed: u64, index: u64) -> Self {
        let mut mixer = Self(seed ^ index.wrapping_mul(0xD6E8_FEB8_6659_FD93));
        Self(mixer.next())
    }

    /// The next 64 bits.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A whole number from 0 to `bound - 1`; 0 when `bound` is 0.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.next().checked_rem(bound).unwrap_or(0)
    }

    /// A whole number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = u64::try_from(high.saturating_sub(low)).unwrap_or(0).saturating_add(1);
        low.saturating_add(i64::try_from(self.below(span)).unwrap_or(0))
    }

    /// True in `percent` of a hundred draws.
    pub(crate) fn percent(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One entry of a list; the empty value when the list is empty.
    pub(crate) fn pick<T: Copy + Default>(&mut self, list: &[T]) -> T {
        let bound = u64::try_from(list.len()).unwrap_or(0);
        let at = usize::try_from(self.below(bound)).unwrap_or(0);
        list.get(at).copied().unwrap_or_default()
    }

    /// A text of `length` decimal digits that does not start with zero.
    pub(crate) fn digits(&mut self, length: usize) -> String {
        (0..length)
            .map(|at| {
                let digit = if at == 0 { 1 + self.below(9) } else { self.below(10) };
                char::from_digit(u32::try_from(digit).unwrap_or(0), 10).unwrap_or('0')
            })
            .collect()
    }

    /// A text of `length` letters and digits, the alphabet of Amazon's tokens.
    pub(crate) fn token(&mut self, length: usize) -> String {
        const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        (0..length).map(|_| char::from(self.pick(ALPHABET))).collect()
    }
}
